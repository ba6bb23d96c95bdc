//! `interdict restore`: a backup in the place of what is in the database.

use interdict_app::restore;

use crate::Outcome;
use crate::arguments::RestoreArguments;
use crate::commands::write_one;
use crate::error::CliError;
use crate::output::plain;
use crate::session::Session;
use crate::wire::Restore;

pub(super) fn run(session: &Session, arguments: &RestoreArguments) -> Result<Outcome, CliError> {
    let path = session.database()?;
    session.place_notes(&path);
    let restored = restore(&path, &arguments.file, session.options())?;
    let document = Restore::new(arguments.file.display().to_string(), path.display().to_string(), &restored);
    write_one(session, document, |page, restore| {
        page.line(&[plain(format!("Restored {} into {}", restore.file, restore.database))]);
        page.line(&[plain(restore.content.words())]);
        if restore.backup_schema < restore.database_schema {
            let (from, to) = (restore.backup_schema, restore.database_schema);
            page.line(&[plain(format!("Upgraded from schema {from} to {to}; the backup itself was left as it is"))]);
        }
        if let Some(kept) = &restore.kept {
            page.line(&[plain(format!("What was in it before is kept in {kept}"))]);
            page.line(&[plain(format!("Undo this with: interdict restore \"{kept}\""))]);
        }
    })?;
    Ok(Outcome::Done)
}
