# Arguments: the scratch folder; "remove" or "keep".
# Input: "+<pid>:<start time>" when a child was started, "-<pid>:<start time>" when it is gone.
# The end of the input means that our parent has died or is done: kill what remains.
trap '' INT TERM HUP
known=' '
while IFS= read -r line; do
  token=${line#?}
  case $line in
    +*) known="$known$token " ;;
    -*)
      case $known in
        *" $token "*) known="${known%%" $token "*} ${known#*" $token "}" ;;
      esac
      ;;
  esac
done

# Field 22 of /proc/<pid>/stat; the name before it may hold blanks and parentheses.
start_time() {
  { read -r stat < "/proc/$1/stat"; } 2> /dev/null || return 1
  set -- ${stat##*) }
  echo "${20}"
}

same_process() {
  [ "$2" = '-' ] && return 0
  now=$(start_time "$1") || return 0 # gone, or no /proc: its group may still exist
  [ "$now" = "$2" ]
}

for token in $known; do
  pid=${token%%:*}
  if same_process "$pid" "${token#*:}"; then
    # "-s KILL --" is the one form for a group that every POSIX shell takes
    kill -s KILL -- "-$pid" 2> /dev/null
    kill -s KILL "$pid" 2> /dev/null
  fi
done

if [ "$2" = remove ]; then
  # a dying process may still create files: try a few times
  for _ in 1 2 3 4 5; do
    rm -rf -- "$1" && [ ! -e "$1" ] && break
    sleep 1
  done
fi
