#!/bin/sh
# The way in: from a fresh machine to a planned day.
#
#   ./setup.sh demo      build, plan the sample day data/midlothian, say where the answers are
#   ./setup.sh test      build and run all tests (at most 10 minutes); 'test again' even if nothing changed
#   ./setup.sh build     only build; the program is build/careround
#   ./setup.sh soak      the long suites: tens of thousands of random days; 'soak nightly': a hundred thousand, going on
#                        where it was stopped
#   ./setup.sh packages GROUP...   only install the packages of: build test ci
#
# Installs what is missing with the distribution's own client, after saying what and why, and asks for root only then.
# Plain sh: a fresh machine has nothing else. Nothing is done twice: packages are asked for, ninja rebuilds what
# changed, the demo plans again only when the program or the day is newer than the plan, and tests that passed are not
# asked again while nothing has changed.
set -eu

cd "$(dirname "$0")"
BUILD=build
OUT=out/midlothian
DAY=data/midlothian
DEMO_TIME_S=10

# group | Debian 12 | Ubuntu 24.04 | Fedora | what for          ("-": not needed or not there)
package_table()
{
    cat <<'END'
build|gcc|gcc|gcc|the C compiler
build|libc6-dev|libc6-dev|glibc-devel|the C library's headers
build|meson|meson|meson|the build system
build|ninja-build|ninja-build|ninja-build|runs the build
build|pkgconf|pkgconf|pkgconf-pkg-config|finds the libraries below
build|libglpk-dev|libglpk-dev|glpk-devel|GLPK: linear and integer programs, for choosing the best rounds
build|libproj-dev|libproj-dev|proj-devel|PROJ: British National Grid to latitude and longitude
build|libjansson-dev|libjansson-dev|jansson-devel|Jansson: JSON in and out
build|libcurl4-openssl-dev|libcurl4-openssl-dev|libcurl-devel|libcurl: outside routers and geocoders
build|libcsv-dev|libcsv-dev|libcsv-devel|libcsv: CSV files as people really have them
build|libprotobuf-c-dev|libprotobuf-c-dev|protobuf-c-devel|protobuf-c: OpenStreetMap's .osm.pbf
build|protobuf-c-compiler|protobuf-c-compiler|protobuf-c-compiler|makes C of the .osm.pbf format's description
build|zlib1g-dev|zlib1g-dev|zlib-devel|zlib: .osm.pbf is compressed, .osm.gz too
build|libzip-dev|libzip-dev|libzip-devel|libzip: timetables of public transport (GTFS), bundles of scenarios
build|libexpat1-dev|libexpat1-dev|expat-devel|expat: OpenStreetMap's XML
build|libicu-dev|libicu-dev|libicu-devel|ICU: files in Windows-1252 and UTF-16, and the names of time zones
build|libsqlite3-dev|libsqlite3-dev|sqlite-devel|SQLite: what the service keeps
build|libpq-dev|libpq-dev|libpq-devel|libpq: PostgreSQL, for a service on several machines
build|libmicrohttpd-dev|libmicrohttpd-dev|libmicrohttpd-devel|libmicrohttpd: the service's HTTP
build|libsodium-dev|libsodium-dev|libsodium-devel|libsodium: random numbers, and tokens kept as hashes
build|tzdata|tzdata|tzdata|time zones: the days when the clocks change
test|libcmocka-dev|libcmocka-dev|libcmocka-devel|cmocka: unit tests
test|python3-jsonschema|python3-jsonschema|python3-jsonschema|checks days and plans against data/schema/
test|python3-icalendar|python3-icalendar|python3-icalendar|reads the calendars we write
test|postgresql|postgresql|postgresql-server|a database to test with, started by the tests in a folder of theirs
test|python3-yaml|python3-yaml|python3-pyyaml|reads the service's contract
test|chromium|-|chromium|opens the page we write (Ubuntu has it as a snap only: that test is skipped)
ci|clang|clang|clang|a second compiler, and libFuzzer
ci|libclang-rt-14-dev|libclang-rt-18-dev|compiler-rt|clang's sanitizers and libFuzzer
ci|clang-format|clang-format|clang-tools-extra|the format check
ci|locales|locales|glibc-locale-source|a locale with decimal commas, to test in
ci|shellcheck|shellcheck|ShellCheck|checks this script
ci|python3-venv|python3-venv|-|holds schemathesis, which no distribution has
ci|-|-|libasan|gcc's address sanitizer
ci|-|-|libubsan|gcc's undefined behaviour sanitizer
ci|-|-|libtsan|gcc's thread sanitizer
END
}

say()
{
    printf '%s\n' "$*" >&2
}

die()
{
    say "setup.sh: $*"
    exit 1
}

usage()
{
    sed -n '2,/^set -eu/{/^set -eu/d;s/^# \{0,1\}//;p;}' "$0"
}

# Which column of the table: 2 Debian, 3 Ubuntu, 4 Fedora.
distribution_column()
{
    ids=unknown
    if [ -r /etc/os-release ]; then
        # shellcheck source=/dev/null
        ids=$(. /etc/os-release && echo " $ID ${ID_LIKE:-} ")
    fi
    case $ids in
    *" ubuntu "*) echo 3 ;;
    *" debian "*) echo 2 ;;
    *" fedora "*) echo 4 ;;
    *) echo 0 ;;
    esac
}

is_installed()
{
    case $column in
    4) rpm -q "$1" >/dev/null 2>&1 ;;
    *) dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q ' installed$' ;;
    esac
}

# Prints "package|what for" for every package of the groups that is not installed.
missing_packages()
{
    package_table | while IFS='|' read -r group debian ubuntu fedora purpose; do
        case " $* " in *" $group "*) ;; *) continue ;; esac
        case $column in
        2) package=$debian ;;
        3) package=$ubuntu ;;
        *) package=$fedora ;;
        esac
        if [ "$package" != - ] && ! is_installed "$package"; then
            echo "$package|$purpose"
        fi
    done
}

as_root()
{
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif ! command -v sudo >/dev/null; then
        die "not root and no sudo here; as root, run:  $*"
    elif [ -t 0 ] && [ -z "${CI:-}" ]; then
        sudo "$@"
    else
        sudo -n "$@" || die "root is needed, and nobody can be asked for a password; as root, run:  $*"
    fi
}

install_packages()
{
    case $column in
    4) as_root dnf install -y "$@" ;;
    *)
        as_root apt-get update -q
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
            -o DPkg::Lock::Timeout=300 "$@"
        ;;
    esac
}

# need_packages GROUP...: install what is missing of these groups.
need_packages()
{
    column=$(distribution_column)
    if [ "$column" -eq 0 ]; then
        say "Unknown distribution: please see to it that the packages in the table of setup.sh are there."
        return
    fi
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    say "These packages are missing and will be installed from the distribution:"
    echo "$missing" | sed 's/|/: /; s/^/  /' >&2
    # shellcheck disable=SC2046 # one word a package
    install_packages $(echo "$missing" | cut -d '|' -f 1) >&2
}

# Meson and ninja: optimised, portable, and no warning of a compiler we have not met stops a user's build.
build()
{
    tests=$1
    if [ ! -e $BUILD/build.ninja ]; then
        say "Configuring (Meson) ..."
        quietly meson setup $BUILD --buildtype=release -Dwerror=false -Dtests="$tests"
    elif [ "$tests" = enabled ] && ! meson introspect $BUILD --buildoptions | grep -q '"tests", "value": "enabled"'; then
        quietly meson configure $BUILD -Dtests=enabled
    fi
    quietly ninja -C $BUILD
}

# Output only if it fails: a build that works is nobody's reading.
quietly()
{
    mkdir -p $BUILD
    if ! "$@" >$BUILD/setup.log 2>&1; then
        cat $BUILD/setup.log >&2
        die "failed: $*"
    fi
}

# Is a made file older than any of the things it was made from?
is_stale()
{
    made=$1
    shift
    [ ! -e "$made" ] || [ -n "$(find "$@" -newer "$made" -type f 2>/dev/null | head -n 1)" ]
}

demo()
{
    gazetteer=$BUILD/midlothian.gaz
    if is_stale $gazetteer $DAY/postcodes.csv $BUILD/careround; then
        $BUILD/careround gazetteer build $DAY/postcodes.csv -o $gazetteer
    fi
    roads=$BUILD/midlothian.roads
    if is_stale $roads data/roads/midlothian.osm $BUILD/careround; then
        $BUILD/careround roads build data/roads/midlothian.osm -o $roads >/dev/null
    fi
    if is_stale $OUT/summary.txt $DAY $BUILD/careround data/defaults.json; then
        say "Planning $DAY for $DEMO_TIME_S seconds ..."
        rm -rf $OUT
        mkdir -p $OUT
        $BUILD/careround plan $DAY --gazetteer $gazetteer --roads $roads --time $DEMO_TIME_S \
            --out $OUT/plan.json --html $OUT/plan.html --csv $OUT/sheets >$OUT/summary.part
        mv $OUT/summary.part $OUT/summary.txt # only a plan that was finished counts as done
    fi
    cat $OUT/summary.txt
    printf '\nOpen %s/plan.html in a browser.\n' "$OUT"
}

run_tests()
{
    meson test -C $BUILD --print-errorlogs "$@"
}

# The random problems in pieces, which go on where they were stopped, then the other long suites.
run_nightly()
{
    status=0
    python3 tests/nightly.py $BUILD/tests/engine/test_engine_search_property || status=$?
    run_tests --setup nightly
    return $status
}

# All tests, unless they passed and nothing in the checkout has changed since.
run_tests_if_changed()
{
    passed=$BUILD/tests-passed
    if [ -e $passed ] && [ -z "$(changed_since $passed)" ]; then
        say "Nothing has changed since all tests passed; './setup.sh test again' runs them all the same:"
        sed -n '/^Ok:/,$p' $BUILD/meson-logs/testlog.txt
        return
    fi
    rm -f $passed
    : >$passed.part # before the first test, so that what changes meanwhile counts as changed
    run_tests
    mv $passed.part $passed
}

# Something that changed, or nothing. A folder changes when a file in it comes or goes.
changed_since()
{
    find . -mindepth 1 \( -path ./.git -o -path './build*' -o -path ./out \) -prune -o -newer "$1" -print | head -n 1
}

case ${1:-} in
demo)
    need_packages build
    build disabled
    demo
    ;;
build)
    need_packages build
    build disabled
    say "The program: $BUILD/careround"
    ;;
test)
    need_packages build test
    build enabled
    if [ "${2:-}" = again ]; then
        run_tests
    else
        run_tests_if_changed
    fi
    ;;
soak)
    need_packages build test
    build enabled
    case ${2:-} in
    nightly) run_nightly ;;
    *) run_tests --setup soak ;;
    esac
    ;;
packages)
    shift
    need_packages "$@"
    ;;
'' | help | -h | --help)
    usage
    ;;
*)
    usage >&2
    exit 2
    ;;
esac
