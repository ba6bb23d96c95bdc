//! The `interdict` command.

fn main() -> std::process::ExitCode {
    interdict_cli::run()
}
