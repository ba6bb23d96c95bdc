//! `interdict backup`: a copy of the database while it is in use.

use interdict_app::back_up;
use interdict_app::store::Replace;

use crate::Outcome;
use crate::arguments::BackupArguments;
use crate::commands::write_one;
use crate::error::CliError;
use crate::output::{plain, size};
use crate::session::Session;
use crate::wire::Backup;

pub(super) fn run(session: &Session, arguments: &BackupArguments) -> Result<Outcome, CliError> {
    let store = session.existing_store()?;
    let replace = if arguments.replace { Replace::Existing } else { Replace::Nothing };
    let made = back_up(&store, &arguments.file, replace)?;
    let database = session.database()?.display().to_string();
    let document = Backup::new(arguments.file.display().to_string(), database, &made);
    write_one(session, document, |page, backup| {
        page.line(&[plain(format!("Backed up to {}, as of {}", backup.file, backup.at))]);
        page.line(&[plain(backup.content.words())]);
        page.line(&[plain(format!("{}, schema {}, checked: sound", size(backup.bytes), backup.database_schema))]);
    })?;
    Ok(Outcome::Done)
}
