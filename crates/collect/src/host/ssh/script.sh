# Reads this machine. Nothing here writes, and nothing is left behind.
exec 3>&1
cd /
unalias -a
unset -f ls find stat head dd ps uname id sleep kill
unset BLOCK_SIZE BLOCKSIZE LS_BLOCK_SIZE CLICOLOR CLICOLOR_FORCE COLUMNS LS_COLORS POSIXLY_CORRECT QUOTING_STYLE TIME_STYLE
LC_ALL=C PATH=/usr/bin:/bin:/usr/sbin:/sbin:/run/current-system/sw/bin:$PATH
export LC_ALL PATH

# Ends a part of an answer.
end() { echo; echo "$NONCE $1"; }

# Runs a command that only reads: its output is one part, what it complains of the next.
tell() { complaint=$("$@" </dev/null 2>&1 >&3 3>&-); end $?; echo "$complaint"; end .; }

# How this system describes what is in a folder: type, rights, size, name and target of a link.
if find / -prune -readable -printf . >/dev/null 2>&1; then
  STYLE=printf
  # Many folders at once; before the entries of each stand what may be done with it, and its path.
  all() {
    most=$1; shift
    [ $# = 0 ] || find "$@" \
      -name . \( -readable -printf 'r' -o -printf '-' \) \( -executable -printf 'x' -o -printf '-' \) -printf ' %H\0\0' \
      -o -prune -printf '%y %m %s %f\0%l\0' | head -c "$most"
  }
  entries() { find "$1/." ! -name . -prune -printf '%y %m %s %f\0%l\0' | head -c "$2"; }
  itself() { find "$1" -prune -printf '%y %m %s %f\0%l\0'; }
  behind() { find -L "$1" -prune -printf '%y %m %s %f\0\0'; }
elif find /. ! -name . -prune -exec stat -c %f {} + >/dev/null 2>&1; then
  STYLE=stat
  entries() { find "$1/." ! -name . -prune -exec stat -c '%f %s %N' {} + | head -c "$2"; }
  itself() { stat -c '%f %s %N' "$1"; }
  behind() { stat -L -c '%f %s %n' "$1"; }
else
  STYLE=ls
  entries() { ls -lnA "$1/" | head -c "$2"; }
  itself() { ls -lnd "$1"; }
  behind() { ls -lndL "$1"; }
fi

# list BYTES FOLDER...: what is in folders, and whether they may be entered.
list() {
  most=$1; shift
  for path; do
    tell entries "$path" "$most"
    [ -x "$path/." ]; end $?
  done
}

# spread BYTES FOLDER...: the same, of those that are there.
spread() {
  most=$1; shift
  if [ $STYLE = printf ]; then
    for path; do
      shift
      [ ! -d "$path/." ] || set -- "$@" "$path/."
    done
    tell all "$most" "$@"
    return
  fi
  for path; do
    [ -d "$path/." ] || continue
    printf '%s' "$path"; end folder
    tell entries "$path" "$most"
    [ -x "$path/." ]; end $?
  done
  end spread
}

# look PATH: what a path is itself. follow PATH: what it is with links followed.
look() { tell itself "$1"; }
follow() { tell behind "$1"; }

# whole FILE BYTES: a file of at most so many bytes.
whole() { tell beginning "$1" "$2"; }
beginning() {
  if [ -f "$1" ]; then head -c "$2" "$1"
  elif ls -ldL "$1" >/dev/null; then echo 'not a regular file' >&2; false
  else false; fi
}

# piece FILE BLOCK COUNT: so many blocks of 4096 bytes from one on.
piece() { tell blocks "$1" "$2" "$3"; }
blocks() { [ -f "$1" ] && dd if="$1" bs=4096 skip="$2" count="$3"; }

# small BYTES FILE...: the beginnings of small files.
small() {
  most=$1; shift
  for path; do
    [ -f "$path" ] && head -c "$most" "$path" </dev/null 2>/dev/null; end $?
  done
}

# run SECONDS BYTES PROGRAM ARGUMENT...: what a program prints; it is ended when it takes longer.
run() {
  seconds=$1 most=$2; shift 2
  code=$({ { timed "$@" 2>/dev/null; echo $? >&4; } | head -c "$most" >&3; } 4>&1)
  end "$code"
}
timed() {
  "$@" </dev/null 3>&- 4>&- &
  program=$!
  { while [ "$seconds" -gt 0 ] && kill -0 $program; do sleep 1; seconds=$((seconds - 1)); done
    kill $program; } </dev/null >/dev/null 2>&1 3>&- 4>&- &
  wait $program
}

# processes BYTES: of each, its id and name, and its command line; then the files they run.
processes() {
  for path in /proc/[0-9]*; do
    name=; { read -r name <"$path/comm"; } 2>/dev/null
    printf '%s %s' "${path#/proc/}" "$name"; end .
    head -c "$1" "$path/cmdline" </dev/null 2>/dev/null; end $?
  done
  end processes
  if [ $STYLE = printf ]; then tell find /proc/[0-9]*/exe -prune -printf '%p\0%l\0'
  else tell ls -ln /proc/[0-9]*/exe; fi
}

# applications BYTES: the running programs of macOS, which has no /proc.
applications() { tell ps -axww -o pid= -o comm=; }

echo; echo "$NONCE ready"
for fact in -s -n -m; do tell uname $fact; done
tell id -u
tell id -un
end $STYLE
