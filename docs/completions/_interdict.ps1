
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'interdict' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'interdict'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'interdict' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Look at a machine, keep what is there and say what it means')
            [CompletionResult]::new('scan', 'scan', [CompletionResultType]::ParameterValue, 'Look at a machine and write down what is there, without judging it or keeping it')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Put other tools'' exports, and scans made elsewhere, into the inventory')
            [CompletionResult]::new('imports', 'imports', [CompletionResultType]::ParameterValue, 'List what was imported, with what could not be used; take an import back')
            [CompletionResult]::new('identify', 'identify', [CompletionResultType]::ParameterValue, 'Say what software is: one JSON line in, one JSON line out')
            [CompletionResult]::new('assess', 'assess', [CompletionResultType]::ParameterValue, 'Say what the restrictions mean for a vendor, a product or a party')
            [CompletionResult]::new('catalogue', 'catalogue', [CompletionResultType]::ParameterValue, 'Read and check the facts that answers rest on')
            [CompletionResult]::new('machines', 'machines', [CompletionResultType]::ParameterValue, 'List the machines of the inventory')
            [CompletionResult]::new('machine', 'machine', [CompletionResultType]::ParameterValue, 'Say everything about one machine: who tells of it, how old that is, what is on it, where tools disagree')
            [CompletionResult]::new('changes', 'changes', [CompletionResultType]::ParameterValue, 'Say what is new, gone or changed between two days, instants or scans')
            [CompletionResult]::new('software', 'software', [CompletionResultType]::ParameterValue, 'List the installed software of the inventory')
            [CompletionResult]::new('installations', 'installations', [CompletionResultType]::ParameterValue, 'List every installation of every machine; as comma-separated values they can be imported again')
            [CompletionResult]::new('findings', 'findings', [CompletionResultType]::ParameterValue, 'List what some instrument speaks of, across all machines')
            [CompletionResult]::new('vendors', 'vendors', [CompletionResultType]::ParameterValue, 'List the vendors of which something is here, or is told of')
            [CompletionResult]::new('verify-removed', 'verify-removed', [CompletionResultType]::ParameterValue, 'Say for every class of trace whether a product or vendor is gone; certify its removal when all are absent')
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Copy the database to a file, while it is in use')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Put a backup in the place of what is in the database, which is kept')
            [CompletionResult]::new('database', 'database', [CompletionResultType]::ParameterValue, 'Look after the database: check it, give space back, forget what is long over')
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'Read and verify the log of what was recorded and changed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'interdict;audit' {
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Look at the system mounted at this folder instead of this computer')
            [CompletionResult]::new('--hives', '--hives', [CompletionResultType]::ParameterName, 'Look at the Windows system whose registry hives lie in this folder, whatever their names')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write the result as one HTML file that needs nothing else')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'Look at this machine over ssh, as this user: [user@]host[:port]. Nothing is installed or written there')
            [CompletionResult]::new('--ssh-option', '--ssh-option', [CompletionResultType]::ParameterName, 'Give ssh a setting beside those of your configuration; repeat it for more. What would run a program, such as a proxy command, belongs into your configuration')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give a machine up that takes longer than this [default: 900]')
            [CompletionResult]::new('--sweep', '--sweep', [CompletionResultType]::ParameterName, 'Also search this folder of the system looked at for programs that nothing registers, such as tools that are run from where they lie; may be given several times. Links are not followed')
            [CompletionResult]::new('--sweep-bytes', '--sweep-bytes', [CompletionResultType]::ParameterName, 'How much the search may read in all')
            [CompletionResult]::new('--sweep-time', '--sweep-time', [CompletionResultType]::ParameterName, 'How many seconds the search may take')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--show-commands', '--show-commands', [CompletionResultType]::ParameterName, 'Show everything that would be run on the other machine, connect to none, and stop')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;scan' {
            [CompletionResult]::new('--root', '--root', [CompletionResultType]::ParameterName, 'Look at the system mounted at this folder instead of this computer')
            [CompletionResult]::new('--hives', '--hives', [CompletionResultType]::ParameterName, 'Look at the Windows system whose registry hives lie in this folder, whatever their names')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write to this file instead of standard output; an older file stays until the new one is complete. With --ssh-hosts the folder for the files of all machines')
            [CompletionResult]::new('--ssh', '--ssh', [CompletionResultType]::ParameterName, 'Look at this machine over ssh, as this user: [user@]host[:port]. Nothing is installed or written there')
            [CompletionResult]::new('--ssh-option', '--ssh-option', [CompletionResultType]::ParameterName, 'Give ssh a setting beside those of your configuration; repeat it for more. What would run a program, such as a proxy command, belongs into your configuration')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give a machine up that takes longer than this [default: 900]')
            [CompletionResult]::new('--ssh-hosts', '--ssh-hosts', [CompletionResultType]::ParameterName, 'Look at every machine of this file, one [user@]host[:port] a line, and write a file for each into the folder named with --out')
            [CompletionResult]::new('--parallel', '--parallel', [CompletionResultType]::ParameterName, 'Read so many machines at a time')
            [CompletionResult]::new('--sweep', '--sweep', [CompletionResultType]::ParameterName, 'Also search this folder of the system looked at for programs that nothing registers, such as tools that are run from where they lie; may be given several times. Links are not followed')
            [CompletionResult]::new('--sweep-bytes', '--sweep-bytes', [CompletionResultType]::ParameterName, 'How much the search may read in all')
            [CompletionResult]::new('--sweep-time', '--sweep-time', [CompletionResultType]::ParameterName, 'How many seconds the search may take')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--show-commands', '--show-commands', [CompletionResultType]::ParameterName, 'Show everything that would be run on the other machine, connect to none, and stop')
            [CompletionResult]::new('--again', '--again', [CompletionResultType]::ParameterName, 'Read also machines whose file is there already')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;import' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'The format, where it should not be found by content')
            [CompletionResult]::new('--mapping', '--mapping', [CompletionResultType]::ParameterName, 'A file that says which column of a table is what; it is kept for tables with the same columns')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Import what is dropped into this folder, until you stop it')
            [CompletionResult]::new('--settle', '--settle', [CompletionResultType]::ParameterName, 'Take a file when its size and time have not changed for so long')
            [CompletionResult]::new('--every', '--every', [CompletionResultType]::ParameterName, 'Look at the folder so often')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--preview', '--preview', [CompletionResultType]::ParameterName, 'Show what the first records would become, and the mapping that is suggested for a table; keep nothing')
            [CompletionResult]::new('--once', '--once', [CompletionResultType]::ParameterName, 'Take what lies in the folder now and stays as it is, then end: for a scheduler')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;imports' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Every import, newest first')
            [CompletionResult]::new('rejects', 'rejects', [CompletionResultType]::ParameterValue, 'What of an import could not be used: place, reason and beginning, at most 10,000')
            [CompletionResult]::new('machines', 'machines', [CompletionResultType]::ParameterValue, 'Which machines the devices of an import were taken for, and by which rule')
            [CompletionResult]::new('decide', 'decide', [CompletionResultType]::ParameterValue, 'Decide whether a device of an import is a machine: later imports of the tool follow it, and two machines that are one by it become one')
            [CompletionResult]::new('undo', 'undo', [CompletionResultType]::ParameterValue, 'Take an import back, as if it had never been')
            [CompletionResult]::new('formats', 'formats', [CompletionResultType]::ParameterValue, 'The formats that can be read')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'interdict;imports;list' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;imports;rejects' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;imports;machines' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;imports;decide' {
            [CompletionResult]::new('--same', '--same', [CompletionResultType]::ParameterName, 'It is this machine, by its host name or id')
            [CompletionResult]::new('--not-same', '--not-same', [CompletionResultType]::ParameterName, 'It is not this machine; without a name, not the one that it was taken for, or none of its namesakes')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--forget', '--forget', [CompletionResultType]::ParameterName, 'Forget what was decided about it')
            [CompletionResult]::new('--join', '--join', [CompletionResultType]::ParameterName, 'Join the two machines also where others tell of the one that it was taken for')
            [CompletionResult]::new('--later', '--later', [CompletionResultType]::ParameterName, 'Join nothing: only later imports follow')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and do nothing')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;imports;undo' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;imports;formats' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;imports;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Every import, newest first')
            [CompletionResult]::new('rejects', 'rejects', [CompletionResultType]::ParameterValue, 'What of an import could not be used: place, reason and beginning, at most 10,000')
            [CompletionResult]::new('machines', 'machines', [CompletionResultType]::ParameterValue, 'Which machines the devices of an import were taken for, and by which rule')
            [CompletionResult]::new('decide', 'decide', [CompletionResultType]::ParameterValue, 'Decide whether a device of an import is a machine: later imports of the tool follow it, and two machines that are one by it become one')
            [CompletionResult]::new('undo', 'undo', [CompletionResultType]::ParameterValue, 'Take an import back, as if it had never been')
            [CompletionResult]::new('formats', 'formats', [CompletionResultType]::ParameterValue, 'The formats that can be read')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'interdict;imports;help;list' {
            break
        }
        'interdict;imports;help;rejects' {
            break
        }
        'interdict;imports;help;machines' {
            break
        }
        'interdict;imports;help;decide' {
            break
        }
        'interdict;imports;help;undo' {
            break
        }
        'interdict;imports;help;formats' {
            break
        }
        'interdict;imports;help;help' {
            break
        }
        'interdict;identify' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;assess' {
            [CompletionResult]::new('--vendor', '--vendor', [CompletionResultType]::ParameterName, 'A vendor, by its id')
            [CompletionResult]::new('--product', '--product', [CompletionResultType]::ParameterName, 'A product, by its id')
            [CompletionResult]::new('--party', '--party', [CompletionResultType]::ParameterName, 'A person or company, by its exact name in any spelling the catalogue knows')
            [CompletionResult]::new('--activity', '--activity', [CompletionResultType]::ParameterName, 'Show this activity only')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;catalogue' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check a catalogue and say everything that is wrong with it at once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is in the catalogue')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one entry with its sources')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Say what another catalogue changes, for you and for what is in the inventory')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'interdict;catalogue;lint' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--own', '--own', [CompletionResultType]::ParameterName, 'Check your own rules: the folder catalogue.d beside the database, over the catalogue in use')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;catalogue;list' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'List this kind only')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'List at most so many rows')
            [CompletionResult]::new('--after', '--after', [CompletionResultType]::ParameterName, 'List what comes after the row with this id')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;catalogue;show' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;catalogue;diff' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--names', '--names', [CompletionResultType]::ParameterName, 'List every name where otherwise only a number is given')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;catalogue;help' {
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check a catalogue and say everything that is wrong with it at once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is in the catalogue')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one entry with its sources')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Say what another catalogue changes, for you and for what is in the inventory')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'interdict;catalogue;help;lint' {
            break
        }
        'interdict;catalogue;help;list' {
            break
        }
        'interdict;catalogue;help;show' {
            break
        }
        'interdict;catalogue;help;diff' {
            break
        }
        'interdict;catalogue;help;help' {
            break
        }
        'interdict;machines' {
            [CompletionResult]::new('--tier', '--tier', [CompletionResultType]::ParameterName, 'List machines with a finding of this tier or a worse one')
            [CompletionResult]::new('--vendor', '--vendor', [CompletionResultType]::ParameterName, 'List machines with a finding of this vendor')
            [CompletionResult]::new('--without-category', '--without-category', [CompletionResultType]::ParameterName, 'List machines without any product of this category; of several, without any of them')
            [CompletionResult]::new('--without-answer', '--without-answer', [CompletionResultType]::ParameterName, 'Of those, list only the ones with this answer')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'List at most so many rows')
            [CompletionResult]::new('--after', '--after', [CompletionResultType]::ParameterName, 'List what comes after the row with this id')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;machine' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;changes' {
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'From this day, instant or scan on')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'Up to this day, instant or scan [default: now]')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'Compare this machine only, by its host name or id; repeat it for several [default: every machine]')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'List only what is new, gone, changed or not seen; several are separated by commas')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--software', '--software', [CompletionResultType]::ParameterName, 'Also list programs and packages that came, went or changed')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Also list programs, packages and every trace of software: services, processes, files and the like')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;software' {
            [CompletionResult]::new('--tier', '--tier', [CompletionResultType]::ParameterName, 'List software of this tier or a worse one')
            [CompletionResult]::new('--vendor', '--vendor', [CompletionResultType]::ParameterName, 'List software of this vendor')
            [CompletionResult]::new('--search', '--search', [CompletionResultType]::ParameterName, 'List software with all of these words in its name or publisher, in whatever script and case')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'List at most so many rows')
            [CompletionResult]::new('--after', '--after', [CompletionResultType]::ParameterName, 'List what comes after this name, or after this name, version and publisher with tabs between them')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;installations' {
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'List this machine only, by its host name or id; repeat it for several [default: every machine]')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'List at most so many rows')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;findings' {
            [CompletionResult]::new('--tier', '--tier', [CompletionResultType]::ParameterName, 'List findings of this tier or a worse one')
            [CompletionResult]::new('--vendor', '--vendor', [CompletionResultType]::ParameterName, 'List findings of this vendor')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'List at most so many rows')
            [CompletionResult]::new('--after', '--after', [CompletionResultType]::ParameterName, 'List what comes after the row with this id')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;vendors' {
            [CompletionResult]::new('--tier', '--tier', [CompletionResultType]::ParameterName, 'List vendors of this tier or a worse one')
            [CompletionResult]::new('--vendor', '--vendor', [CompletionResultType]::ParameterName, 'List this vendor only')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'List at most so many rows')
            [CompletionResult]::new('--after', '--after', [CompletionResultType]::ParameterName, 'List what comes after the row with this id')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;verify-removed' {
            [CompletionResult]::new('--vendor', '--vendor', [CompletionResultType]::ParameterName, 'Everything of this vendor, by its id')
            [CompletionResult]::new('--product', '--product', [CompletionResultType]::ParameterName, 'This product, by its id')
            [CompletionResult]::new('--machine', '--machine', [CompletionResultType]::ParameterName, 'Ask about this machine only, by its id or host name; repeat it for several [default: every machine]')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Also write the answer, with the certificates, as one HTML file that needs nothing else')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;backup' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--replace', '--replace', [CompletionResultType]::ParameterName, 'Put it in the place of an older file of that name')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;restore' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;database' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Read all of it and say whether it is sound, and how much is in it')
            [CompletionResult]::new('compact', 'compact', [CompletionResultType]::ParameterValue, 'Give the space back that nothing uses any more')
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Forget what was over before a day, and machines not seen since')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'interdict;database;check' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;database;compact' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;database;forget' {
            [CompletionResult]::new('--before', '--before', [CompletionResultType]::ParameterName, 'The day, as YYYY-MM-DD')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--machines', '--machines', [CompletionResultType]::ParameterName, 'Also forget machines that no scan has seen since that day')
            [CompletionResult]::new('--told', '--told', [CompletionResultType]::ParameterName, 'Also forget what tools told of without a machine before the day, and the titles of which none has told since')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be forgotten, and forget nothing')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;database;help' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Read all of it and say whether it is sound, and how much is in it')
            [CompletionResult]::new('compact', 'compact', [CompletionResultType]::ParameterValue, 'Give the space back that nothing uses any more')
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Forget what was over before a day, and machines not seen since')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'interdict;database;help;check' {
            break
        }
        'interdict;database;help;compact' {
            break
        }
        'interdict;database;help;forget' {
            break
        }
        'interdict;database;help;help' {
            break
        }
        'interdict;log' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that no entry was altered, moved or removed, and that the log still holds what it held when a report was made')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the entries, oldest first')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'interdict;log;verify' {
            [CompletionResult]::new('--head', '--head', [CompletionResultType]::ParameterName, 'A head as a report names it, such as 42:0123456789ab, or at least 12 digits of its hash; repeat it for more')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;log;list' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'List at most so many entries')
            [CompletionResult]::new('--after', '--after', [CompletionResultType]::ParameterName, 'List what comes after the entry with this number')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'Use this database instead of the one in your data folder')
            [CompletionResult]::new('--catalogue', '--catalogue', [CompletionResultType]::ParameterName, 'Use the catalogue in this folder or file instead of the built-in one')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]')
            [CompletionResult]::new('--as-of', '--as-of', [CompletionResultType]::ParameterName, 'The day the question is asked for, as YYYY-MM-DD [default: today]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with exit code 10 when something has this tier or a worse one [default: never]')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait so many seconds while another process writes to the database [default: 5]')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing on standard error but errors')
            [CompletionResult]::new('--no-color', '--no-color', [CompletionResultType]::ParameterName, 'Write without colours; the variable `NO_COLOR` does the same')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'interdict;log;help' {
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that no entry was altered, moved or removed, and that the log still holds what it held when a report was made')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the entries, oldest first')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'interdict;log;help;verify' {
            break
        }
        'interdict;log;help;list' {
            break
        }
        'interdict;log;help;help' {
            break
        }
        'interdict;help' {
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Look at a machine, keep what is there and say what it means')
            [CompletionResult]::new('scan', 'scan', [CompletionResultType]::ParameterValue, 'Look at a machine and write down what is there, without judging it or keeping it')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Put other tools'' exports, and scans made elsewhere, into the inventory')
            [CompletionResult]::new('imports', 'imports', [CompletionResultType]::ParameterValue, 'List what was imported, with what could not be used; take an import back')
            [CompletionResult]::new('identify', 'identify', [CompletionResultType]::ParameterValue, 'Say what software is: one JSON line in, one JSON line out')
            [CompletionResult]::new('assess', 'assess', [CompletionResultType]::ParameterValue, 'Say what the restrictions mean for a vendor, a product or a party')
            [CompletionResult]::new('catalogue', 'catalogue', [CompletionResultType]::ParameterValue, 'Read and check the facts that answers rest on')
            [CompletionResult]::new('machines', 'machines', [CompletionResultType]::ParameterValue, 'List the machines of the inventory')
            [CompletionResult]::new('machine', 'machine', [CompletionResultType]::ParameterValue, 'Say everything about one machine: who tells of it, how old that is, what is on it, where tools disagree')
            [CompletionResult]::new('changes', 'changes', [CompletionResultType]::ParameterValue, 'Say what is new, gone or changed between two days, instants or scans')
            [CompletionResult]::new('software', 'software', [CompletionResultType]::ParameterValue, 'List the installed software of the inventory')
            [CompletionResult]::new('installations', 'installations', [CompletionResultType]::ParameterValue, 'List every installation of every machine; as comma-separated values they can be imported again')
            [CompletionResult]::new('findings', 'findings', [CompletionResultType]::ParameterValue, 'List what some instrument speaks of, across all machines')
            [CompletionResult]::new('vendors', 'vendors', [CompletionResultType]::ParameterValue, 'List the vendors of which something is here, or is told of')
            [CompletionResult]::new('verify-removed', 'verify-removed', [CompletionResultType]::ParameterValue, 'Say for every class of trace whether a product or vendor is gone; certify its removal when all are absent')
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Copy the database to a file, while it is in use')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Put a backup in the place of what is in the database, which is kept')
            [CompletionResult]::new('database', 'database', [CompletionResultType]::ParameterValue, 'Look after the database: check it, give space back, forget what is long over')
            [CompletionResult]::new('log', 'log', [CompletionResultType]::ParameterValue, 'Read and verify the log of what was recorded and changed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'interdict;help;audit' {
            break
        }
        'interdict;help;scan' {
            break
        }
        'interdict;help;import' {
            break
        }
        'interdict;help;imports' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'Every import, newest first')
            [CompletionResult]::new('rejects', 'rejects', [CompletionResultType]::ParameterValue, 'What of an import could not be used: place, reason and beginning, at most 10,000')
            [CompletionResult]::new('machines', 'machines', [CompletionResultType]::ParameterValue, 'Which machines the devices of an import were taken for, and by which rule')
            [CompletionResult]::new('decide', 'decide', [CompletionResultType]::ParameterValue, 'Decide whether a device of an import is a machine: later imports of the tool follow it, and two machines that are one by it become one')
            [CompletionResult]::new('undo', 'undo', [CompletionResultType]::ParameterValue, 'Take an import back, as if it had never been')
            [CompletionResult]::new('formats', 'formats', [CompletionResultType]::ParameterValue, 'The formats that can be read')
            break
        }
        'interdict;help;imports;list' {
            break
        }
        'interdict;help;imports;rejects' {
            break
        }
        'interdict;help;imports;machines' {
            break
        }
        'interdict;help;imports;decide' {
            break
        }
        'interdict;help;imports;undo' {
            break
        }
        'interdict;help;imports;formats' {
            break
        }
        'interdict;help;identify' {
            break
        }
        'interdict;help;assess' {
            break
        }
        'interdict;help;catalogue' {
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Check a catalogue and say everything that is wrong with it at once')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what is in the catalogue')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one entry with its sources')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Say what another catalogue changes, for you and for what is in the inventory')
            break
        }
        'interdict;help;catalogue;lint' {
            break
        }
        'interdict;help;catalogue;list' {
            break
        }
        'interdict;help;catalogue;show' {
            break
        }
        'interdict;help;catalogue;diff' {
            break
        }
        'interdict;help;machines' {
            break
        }
        'interdict;help;machine' {
            break
        }
        'interdict;help;changes' {
            break
        }
        'interdict;help;software' {
            break
        }
        'interdict;help;installations' {
            break
        }
        'interdict;help;findings' {
            break
        }
        'interdict;help;vendors' {
            break
        }
        'interdict;help;verify-removed' {
            break
        }
        'interdict;help;backup' {
            break
        }
        'interdict;help;restore' {
            break
        }
        'interdict;help;database' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Read all of it and say whether it is sound, and how much is in it')
            [CompletionResult]::new('compact', 'compact', [CompletionResultType]::ParameterValue, 'Give the space back that nothing uses any more')
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Forget what was over before a day, and machines not seen since')
            break
        }
        'interdict;help;database;check' {
            break
        }
        'interdict;help;database;compact' {
            break
        }
        'interdict;help;database;forget' {
            break
        }
        'interdict;help;log' {
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that no entry was altered, moved or removed, and that the log still holds what it held when a report was made')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the entries, oldest first')
            break
        }
        'interdict;help;log;verify' {
            break
        }
        'interdict;help;log;list' {
            break
        }
        'interdict;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
