# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_interdict_global_optspecs
    string join \n db= catalogue= profile= as-of= format= fail-on= wait= quiet no-color h/help V/version
end

function __fish_interdict_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_interdict_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_interdict_using_subcommand
    set -l cmd (__fish_interdict_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c interdict -n "__fish_interdict_needs_command" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_needs_command" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_needs_command" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_needs_command" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_needs_command" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_needs_command" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_needs_command" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_needs_command" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_needs_command" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_needs_command" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_needs_command" -s V -l version -d 'Print version'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "audit" -d 'Look at a machine, keep what is there and say what it means'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "scan" -d 'Look at a machine and write down what is there, without judging it or keeping it'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "import" -d 'Put other tools\' exports, and scans made elsewhere, into the inventory'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "imports" -d 'List what was imported, with what could not be used; take an import back'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "identify" -d 'Say what software is: one JSON line in, one JSON line out'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "assess" -d 'Say what the restrictions mean for a vendor, a product or a party'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "catalogue" -d 'Read and check the facts that answers rest on'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "machines" -d 'List the machines of the inventory'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "machine" -d 'Say everything about one machine: who tells of it, how old that is, what is on it, where tools disagree'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "changes" -d 'Say what is new, gone or changed between two days, instants or scans'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "software" -d 'List the installed software of the inventory'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "installations" -d 'List every installation of every machine; as comma-separated values they can be imported again'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "findings" -d 'List what some instrument speaks of, across all machines'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "vendors" -d 'List the vendors of which something is here, or is told of'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "verify-removed" -d 'Say for every class of trace whether a product or vendor is gone; certify its removal when all are absent'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "backup" -d 'Copy the database to a file, while it is in use'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "restore" -d 'Put a backup in the place of what is in the database, which is kept'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "database" -d 'Look after the database: check it, give space back, forget what is long over'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "log" -d 'Read and verify the log of what was recorded and changed'
complete -c interdict -n "__fish_interdict_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l root -d 'Look at the system mounted at this folder instead of this computer' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l hives -d 'Look at the Windows system whose registry hives lie in this folder, whatever their names' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l report -d 'Also write the result as one HTML file that needs nothing else' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l ssh -d 'Look at this machine over ssh, as this user: [user@]host[:port]. Nothing is installed or written there' -r
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l ssh-option -d 'Give ssh a setting beside those of your configuration; repeat it for more. What would run a program, such as a proxy command, belongs into your configuration' -r
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l timeout -d 'Give a machine up that takes longer than this [default: 900]' -r
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l sweep -d 'Also search this folder of the system looked at for programs that nothing registers, such as tools that are run from where they lie; may be given several times. Links are not followed' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l sweep-bytes -d 'How much the search may read in all' -r
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l sweep-time -d 'How many seconds the search may take' -r
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l show-commands -d 'Show everything that would be run on the other machine, connect to none, and stop'
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand audit" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand audit" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l root -d 'Look at the system mounted at this folder instead of this computer' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l hives -d 'Look at the Windows system whose registry hives lie in this folder, whatever their names' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l out -d 'Write to this file instead of standard output; an older file stays until the new one is complete. With --ssh-hosts the folder for the files of all machines' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l ssh -d 'Look at this machine over ssh, as this user: [user@]host[:port]. Nothing is installed or written there' -r
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l ssh-option -d 'Give ssh a setting beside those of your configuration; repeat it for more. What would run a program, such as a proxy command, belongs into your configuration' -r
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l timeout -d 'Give a machine up that takes longer than this [default: 900]' -r
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l ssh-hosts -d 'Look at every machine of this file, one [user@]host[:port] a line, and write a file for each into the folder named with --out' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l parallel -d 'Read so many machines at a time' -r
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l sweep -d 'Also search this folder of the system looked at for programs that nothing registers, such as tools that are run from where they lie; may be given several times. Links are not followed' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l sweep-bytes -d 'How much the search may read in all' -r
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l sweep-time -d 'How many seconds the search may take' -r
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l show-commands -d 'Show everything that would be run on the other machine, connect to none, and stop'
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l again -d 'Read also machines whose file is there already'
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand scan" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand scan" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand import" -l from -d 'The format, where it should not be found by content' -r
complete -c interdict -n "__fish_interdict_using_subcommand import" -l mapping -d 'A file that says which column of a table is what; it is kept for tables with the same columns' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand import" -l watch -d 'Import what is dropped into this folder, until you stop it' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand import" -l settle -d 'Take a file when its size and time have not changed for so long' -r
complete -c interdict -n "__fish_interdict_using_subcommand import" -l every -d 'Look at the folder so often' -r
complete -c interdict -n "__fish_interdict_using_subcommand import" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand import" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand import" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand import" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand import" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand import" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand import" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand import" -l preview -d 'Show what the first records would become, and the mapping that is suggested for a table; keep nothing'
complete -c interdict -n "__fish_interdict_using_subcommand import" -l once -d 'Take what lies in the folder now and stays as it is, then end: for a scheduler'
complete -c interdict -n "__fish_interdict_using_subcommand import" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand import" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand import" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and not __fish_seen_subcommand_from list rejects machines decide undo formats help" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and not __fish_seen_subcommand_from list rejects machines decide undo formats help" -f -a "list" -d 'Every import, newest first'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and not __fish_seen_subcommand_from list rejects machines decide undo formats help" -f -a "rejects" -d 'What of an import could not be used: place, reason and beginning, at most 10,000'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and not __fish_seen_subcommand_from list rejects machines decide undo formats help" -f -a "machines" -d 'Which machines the devices of an import were taken for, and by which rule'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and not __fish_seen_subcommand_from list rejects machines decide undo formats help" -f -a "decide" -d 'Decide whether a device of an import is a machine: later imports of the tool follow it, and two machines that are one by it become one'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and not __fish_seen_subcommand_from list rejects machines decide undo formats help" -f -a "undo" -d 'Take an import back, as if it had never been'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and not __fish_seen_subcommand_from list rejects machines decide undo formats help" -f -a "formats" -d 'The formats that can be read'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and not __fish_seen_subcommand_from list rejects machines decide undo formats help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from list" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from list" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from list" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from list" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from list" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from list" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from list" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from list" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from list" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from rejects" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from rejects" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from rejects" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from rejects" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from rejects" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from rejects" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from rejects" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from rejects" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from rejects" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from rejects" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from machines" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from machines" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from machines" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from machines" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from machines" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from machines" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from machines" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from machines" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from machines" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from machines" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l same -d 'It is this machine, by its host name or id' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l not-same -d 'It is not this machine; without a name, not the one that it was taken for, or none of its namesakes' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l forget -d 'Forget what was decided about it'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l join -d 'Join the two machines also where others tell of the one that it was taken for'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l later -d 'Join nothing: only later imports follow'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l dry-run -d 'Say what would be done, and do nothing'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from decide" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from undo" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from undo" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from undo" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from undo" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from undo" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from undo" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from undo" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from undo" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from undo" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from undo" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from formats" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from formats" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from formats" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from formats" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from formats" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from formats" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from formats" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from formats" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from formats" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from formats" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from help" -f -a "list" -d 'Every import, newest first'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from help" -f -a "rejects" -d 'What of an import could not be used: place, reason and beginning, at most 10,000'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from help" -f -a "machines" -d 'Which machines the devices of an import were taken for, and by which rule'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from help" -f -a "decide" -d 'Decide whether a device of an import is a machine: later imports of the tool follow it, and two machines that are one by it become one'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from help" -f -a "undo" -d 'Take an import back, as if it had never been'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from help" -f -a "formats" -d 'The formats that can be read'
complete -c interdict -n "__fish_interdict_using_subcommand imports; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c interdict -n "__fish_interdict_using_subcommand identify" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand identify" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand identify" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand identify" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand identify" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand identify" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand identify" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand identify" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand identify" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand identify" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand assess" -l vendor -d 'A vendor, by its id' -r
complete -c interdict -n "__fish_interdict_using_subcommand assess" -l product -d 'A product, by its id' -r
complete -c interdict -n "__fish_interdict_using_subcommand assess" -l party -d 'A person or company, by its exact name in any spelling the catalogue knows' -r
complete -c interdict -n "__fish_interdict_using_subcommand assess" -l activity -d 'Show this activity only' -r -f -a "use\t''
remove\t''
report\t''
buy\t''
renew\t''
update\t''
resell\t''
embed\t''
export-to\t''
deal-with\t''"
complete -c interdict -n "__fish_interdict_using_subcommand assess" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand assess" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand assess" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand assess" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand assess" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand assess" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand assess" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand assess" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand assess" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand assess" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -f -a "lint" -d 'Check a catalogue and say everything that is wrong with it at once'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -f -a "list" -d 'List what is in the catalogue'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -f -a "show" -d 'Show one entry with its sources'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -f -a "diff" -d 'Say what another catalogue changes, for you and for what is in the inventory'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and not __fish_seen_subcommand_from lint list show diff help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from lint" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from lint" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from lint" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from lint" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from lint" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from lint" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from lint" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from lint" -l own -d 'Check your own rules: the folder catalogue.d beside the database, over the catalogue in use'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from lint" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from lint" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from list" -l kind -d 'List this kind only' -r -f -a "restriction\t''
vendor\t''
product\t''
issuer\t''
profile\t''
approval\t''"
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from list" -l limit -d 'List at most so many rows' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from list" -l after -d 'List what comes after the row with this id' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from list" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from list" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from list" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from list" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from list" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from list" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from list" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from list" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from list" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from show" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from show" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from show" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from show" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from show" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from show" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from show" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from show" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from show" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from diff" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from diff" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from diff" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from diff" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from diff" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from diff" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from diff" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from diff" -l names -d 'List every name where otherwise only a number is given'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from diff" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from diff" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from help" -f -a "lint" -d 'Check a catalogue and say everything that is wrong with it at once'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from help" -f -a "list" -d 'List what is in the catalogue'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one entry with its sources'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from help" -f -a "diff" -d 'Say what another catalogue changes, for you and for what is in the inventory'
complete -c interdict -n "__fish_interdict_using_subcommand catalogue; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l tier -d 'List machines with a finding of this tier or a worse one' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l vendor -d 'List machines with a finding of this vendor' -r
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l without-category -d 'List machines without any product of this category; of several, without any of them' -r -f -a "antivirus\t''
endpoint-protection\t''
edr\t''
workload-protection\t''
management-agent\t''
management-server\t''
device-management\t''
remote-access\t''
firewall\t''
web-filter\t''
mail-security\t''
network-detection\t''
web-application-firewall\t''
log-agent\t''
vulnerability-management\t''
data-loss-prevention\t''
encryption\t''
backup\t''
vpn\t''
zero-trust-access\t''
password-manager\t''
identity\t''
parental-control\t''
employee-monitoring\t''
application-control\t''
industrial-security\t''
engine-sdk\t''
threat-intelligence\t''
removal-tool\t''
browser-extension\t''
operating-system\t''
utility\t''
other\t''
browser\t''
messaging\t''
social-media\t''
ai-assistant\t''
office\t''
video-surveillance\t''
drone-software\t''
privileged-access\t''
forensics\t''
network-access-control\t''
asset-inventory\t''
sandbox\t''
deception\t''
integration\t''"
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l without-answer -d 'Of those, list only the ones with this answer' -r -f -a "nothing-there\t''
not-looked-at\t''"
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l limit -d 'List at most so many rows' -r
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l after -d 'List what comes after the row with this id' -r
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand machines" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand machines" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand machine" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand machine" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand machine" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand machine" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand machine" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand machine" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand machine" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand machine" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand machine" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand machine" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l since -d 'From this day, instant or scan on' -r
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l until -d 'Up to this day, instant or scan [default: now]' -r
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l machine -d 'Compare this machine only, by its host name or id; repeat it for several [default: every machine]' -r
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l only -d 'List only what is new, gone, changed or not seen; several are separated by commas' -r -f -a "new\t''
gone\t''
changed\t''
not-seen\t''"
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l software -d 'Also list programs and packages that came, went or changed'
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l all -d 'Also list programs, packages and every trace of software: services, processes, files and the like'
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand changes" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand changes" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand software" -l tier -d 'List software of this tier or a worse one' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand software" -l vendor -d 'List software of this vendor' -r
complete -c interdict -n "__fish_interdict_using_subcommand software" -l search -d 'List software with all of these words in its name or publisher, in whatever script and case' -r
complete -c interdict -n "__fish_interdict_using_subcommand software" -l limit -d 'List at most so many rows' -r
complete -c interdict -n "__fish_interdict_using_subcommand software" -l after -d 'List what comes after this name, or after this name, version and publisher with tabs between them' -r
complete -c interdict -n "__fish_interdict_using_subcommand software" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand software" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand software" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand software" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand software" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand software" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand software" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand software" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand software" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand software" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand installations" -l machine -d 'List this machine only, by its host name or id; repeat it for several [default: every machine]' -r
complete -c interdict -n "__fish_interdict_using_subcommand installations" -l limit -d 'List at most so many rows' -r
complete -c interdict -n "__fish_interdict_using_subcommand installations" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand installations" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand installations" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand installations" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand installations" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand installations" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand installations" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand installations" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand installations" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand installations" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand findings" -l tier -d 'List findings of this tier or a worse one' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand findings" -l vendor -d 'List findings of this vendor' -r
complete -c interdict -n "__fish_interdict_using_subcommand findings" -l limit -d 'List at most so many rows' -r
complete -c interdict -n "__fish_interdict_using_subcommand findings" -l after -d 'List what comes after the row with this id' -r
complete -c interdict -n "__fish_interdict_using_subcommand findings" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand findings" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand findings" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand findings" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand findings" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand findings" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand findings" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand findings" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand findings" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand findings" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand vendors" -l tier -d 'List vendors of this tier or a worse one' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand vendors" -l vendor -d 'List this vendor only' -r
complete -c interdict -n "__fish_interdict_using_subcommand vendors" -l limit -d 'List at most so many rows' -r
complete -c interdict -n "__fish_interdict_using_subcommand vendors" -l after -d 'List what comes after the row with this id' -r
complete -c interdict -n "__fish_interdict_using_subcommand vendors" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand vendors" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand vendors" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand vendors" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand vendors" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand vendors" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand vendors" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand vendors" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand vendors" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand vendors" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand verify-removed" -l vendor -d 'Everything of this vendor, by its id' -r
complete -c interdict -n "__fish_interdict_using_subcommand verify-removed" -l product -d 'This product, by its id' -r
complete -c interdict -n "__fish_interdict_using_subcommand verify-removed" -l machine -d 'Ask about this machine only, by its id or host name; repeat it for several [default: every machine]' -r
complete -c interdict -n "__fish_interdict_using_subcommand verify-removed" -l report -d 'Also write the answer, with the certificates, as one HTML file that needs nothing else' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand verify-removed" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand verify-removed" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand verify-removed" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand verify-removed" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand verify-removed" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand verify-removed" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand verify-removed" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand verify-removed" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand verify-removed" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand verify-removed" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand backup" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand backup" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand backup" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand backup" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand backup" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand backup" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand backup" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand backup" -l replace -d 'Put it in the place of an older file of that name'
complete -c interdict -n "__fish_interdict_using_subcommand backup" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand backup" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand backup" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand restore" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand restore" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand restore" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand restore" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand restore" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand restore" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand restore" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand restore" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand restore" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand restore" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand database; and not __fish_seen_subcommand_from check compact forget help" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand database; and not __fish_seen_subcommand_from check compact forget help" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand database; and not __fish_seen_subcommand_from check compact forget help" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand database; and not __fish_seen_subcommand_from check compact forget help" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand database; and not __fish_seen_subcommand_from check compact forget help" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand database; and not __fish_seen_subcommand_from check compact forget help" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand database; and not __fish_seen_subcommand_from check compact forget help" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand database; and not __fish_seen_subcommand_from check compact forget help" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand database; and not __fish_seen_subcommand_from check compact forget help" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand database; and not __fish_seen_subcommand_from check compact forget help" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand database; and not __fish_seen_subcommand_from check compact forget help" -f -a "check" -d 'Read all of it and say whether it is sound, and how much is in it'
complete -c interdict -n "__fish_interdict_using_subcommand database; and not __fish_seen_subcommand_from check compact forget help" -f -a "compact" -d 'Give the space back that nothing uses any more'
complete -c interdict -n "__fish_interdict_using_subcommand database; and not __fish_seen_subcommand_from check compact forget help" -f -a "forget" -d 'Forget what was over before a day, and machines not seen since'
complete -c interdict -n "__fish_interdict_using_subcommand database; and not __fish_seen_subcommand_from check compact forget help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from check" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from check" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from check" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from check" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from check" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from check" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from check" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from check" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from check" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from compact" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from compact" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from compact" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from compact" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from compact" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from compact" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from compact" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from compact" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from compact" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from compact" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from forget" -l before -d 'The day, as YYYY-MM-DD' -r
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from forget" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from forget" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from forget" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from forget" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from forget" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from forget" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from forget" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from forget" -l machines -d 'Also forget machines that no scan has seen since that day'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from forget" -l told -d 'Also forget what tools told of without a machine before the day, and the titles of which none has told since'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from forget" -l dry-run -d 'Say what would be forgotten, and forget nothing'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from forget" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from forget" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from forget" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from help" -f -a "check" -d 'Read all of it and say whether it is sound, and how much is in it'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from help" -f -a "compact" -d 'Give the space back that nothing uses any more'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from help" -f -a "forget" -d 'Forget what was over before a day, and machines not seen since'
complete -c interdict -n "__fish_interdict_using_subcommand database; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c interdict -n "__fish_interdict_using_subcommand log; and not __fish_seen_subcommand_from verify list help" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand log; and not __fish_seen_subcommand_from verify list help" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand log; and not __fish_seen_subcommand_from verify list help" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand log; and not __fish_seen_subcommand_from verify list help" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand log; and not __fish_seen_subcommand_from verify list help" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand log; and not __fish_seen_subcommand_from verify list help" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand log; and not __fish_seen_subcommand_from verify list help" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand log; and not __fish_seen_subcommand_from verify list help" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand log; and not __fish_seen_subcommand_from verify list help" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand log; and not __fish_seen_subcommand_from verify list help" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand log; and not __fish_seen_subcommand_from verify list help" -f -a "verify" -d 'Check that no entry was altered, moved or removed, and that the log still holds what it held when a report was made'
complete -c interdict -n "__fish_interdict_using_subcommand log; and not __fish_seen_subcommand_from verify list help" -f -a "list" -d 'List the entries, oldest first'
complete -c interdict -n "__fish_interdict_using_subcommand log; and not __fish_seen_subcommand_from verify list help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from verify" -l head -d 'A head as a report names it, such as 42:0123456789ab, or at least 12 digits of its hash; repeat it for more' -r
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from verify" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from verify" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from verify" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from verify" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from verify" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from verify" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from verify" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from verify" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from verify" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from list" -l limit -d 'List at most so many entries' -r
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from list" -l after -d 'List what comes after the entry with this number' -r
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from list" -l db -d 'Use this database instead of the one in your data folder' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from list" -l catalogue -d 'Use the catalogue in this folder or file instead of the built-in one' -r -F
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from list" -l profile -d 'Who asks, such as us-private; repeat it to be several [default: the saved profile, else research]' -r
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from list" -l as-of -d 'The day the question is asked for, as YYYY-MM-DD [default: today]' -r
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from list" -l format -d 'Write for people, as one JSON document, as JSON lines or as comma-separated rows [default: text]' -r -f -a "text\t''
json\t''
jsonl\t''
csv\t''"
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from list" -l fail-on -d 'End with exit code 10 when something has this tier or a worse one [default: never]' -r -f -a "prohibited\t''
required\t''
restricted\t''
advisory\t''
watch\t''
undetermined\t''
none\t''"
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from list" -l wait -d 'Wait so many seconds while another process writes to the database [default: 5]' -r
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from list" -l quiet -d 'Say nothing on standard error but errors'
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from list" -l no-color -d 'Write without colours; the variable `NO_COLOR` does the same'
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Check that no entry was altered, moved or removed, and that the log still holds what it held when a report was made'
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the entries, oldest first'
complete -c interdict -n "__fish_interdict_using_subcommand log; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "audit" -d 'Look at a machine, keep what is there and say what it means'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "scan" -d 'Look at a machine and write down what is there, without judging it or keeping it'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "import" -d 'Put other tools\' exports, and scans made elsewhere, into the inventory'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "imports" -d 'List what was imported, with what could not be used; take an import back'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "identify" -d 'Say what software is: one JSON line in, one JSON line out'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "assess" -d 'Say what the restrictions mean for a vendor, a product or a party'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "catalogue" -d 'Read and check the facts that answers rest on'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "machines" -d 'List the machines of the inventory'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "machine" -d 'Say everything about one machine: who tells of it, how old that is, what is on it, where tools disagree'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "changes" -d 'Say what is new, gone or changed between two days, instants or scans'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "software" -d 'List the installed software of the inventory'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "installations" -d 'List every installation of every machine; as comma-separated values they can be imported again'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "findings" -d 'List what some instrument speaks of, across all machines'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "vendors" -d 'List the vendors of which something is here, or is told of'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "verify-removed" -d 'Say for every class of trace whether a product or vendor is gone; certify its removal when all are absent'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "backup" -d 'Copy the database to a file, while it is in use'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "restore" -d 'Put a backup in the place of what is in the database, which is kept'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "database" -d 'Look after the database: check it, give space back, forget what is long over'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "log" -d 'Read and verify the log of what was recorded and changed'
complete -c interdict -n "__fish_interdict_using_subcommand help; and not __fish_seen_subcommand_from audit scan import imports identify assess catalogue machines machine changes software installations findings vendors verify-removed backup restore database log help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from imports" -f -a "list" -d 'Every import, newest first'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from imports" -f -a "rejects" -d 'What of an import could not be used: place, reason and beginning, at most 10,000'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from imports" -f -a "machines" -d 'Which machines the devices of an import were taken for, and by which rule'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from imports" -f -a "decide" -d 'Decide whether a device of an import is a machine: later imports of the tool follow it, and two machines that are one by it become one'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from imports" -f -a "undo" -d 'Take an import back, as if it had never been'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from imports" -f -a "formats" -d 'The formats that can be read'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from catalogue" -f -a "lint" -d 'Check a catalogue and say everything that is wrong with it at once'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from catalogue" -f -a "list" -d 'List what is in the catalogue'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from catalogue" -f -a "show" -d 'Show one entry with its sources'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from catalogue" -f -a "diff" -d 'Say what another catalogue changes, for you and for what is in the inventory'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from database" -f -a "check" -d 'Read all of it and say whether it is sound, and how much is in it'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from database" -f -a "compact" -d 'Give the space back that nothing uses any more'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from database" -f -a "forget" -d 'Forget what was over before a day, and machines not seen since'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from log" -f -a "verify" -d 'Check that no entry was altered, moved or removed, and that the log still holds what it held when a report was made'
complete -c interdict -n "__fish_interdict_using_subcommand help; and __fish_seen_subcommand_from log" -f -a "list" -d 'List the entries, oldest first'
