#!/usr/bin/env bash
# Makes .venv beside the project and installs everything in it. Running it again repairs it.
# Kept to bash 3.2, which is what macOS has.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(dirname "$here")"
venv="$root/.venv"
dev=false
hosts=false
system=true
notes=""

usage() {
    cat <<'TEXT'
usage: installers/install.sh [--dev] [--hosts] [--no-system] [--help]

  --dev        also install what the tests and checks need
  --hosts      also put our scripts into Nuke and DaVinci Resolve, where these are found
  --no-system  leave the system's packages alone; only say what Qt misses
  --help       show this text

Set PYTHON to choose the interpreter (3.11, 3.12 or 3.13).
TEXT
}

say() { printf '%s\n' "$*"; }

fail() {
    printf 'install.sh: %s\n' "$*" >&2
    exit 1
}

# Collected and printed at the end, where they are seen.
note() { notes="$notes
$*"; }

read_options() {
    while [ $# -gt 0 ]; do
        case "$1" in
            --dev) dev=true ;;
            --hosts) hosts=true ;;
            --no-system) system=false ;;
            --help | -h)
                usage
                exit 0
                ;;
            *)
                usage >&2
                printf 'install.sh: unknown option %s\n' "$1" >&2
                exit 2
                ;;
        esac
        shift
    done
}

is_supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
        candidate="$(command -v "$candidate")" || continue
        case "$candidate" in "$venv"/*) continue ;; esac # an activated .venv cannot remake itself
        if is_supported "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "no Python 3.11, 3.12 or 3.13 found: install one, or set PYTHON to its path and run this again."
}

# Runs a command as root; fails quietly where that is not possible without being asked to.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        sudo "$@"
    else
        return 1
    fi
}

apt_install() {
    local get="env DEBIAN_FRONTEND=noninteractive apt-get -qq -y"
    # The package lists may be missing or stale: only then are they fetched anew.
    # shellcheck disable=SC2086  # $get is a command with its options
    as_root $get install --no-install-recommends "$@" >/dev/null 2>&1 ||
        { as_root $get update >/dev/null && as_root $get install --no-install-recommends "$@" >/dev/null; }
}

# Debian leaves the part of Python that makes virtual environments out of its `python3` package.
ensure_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    local package
    package="$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    if $system && command -v apt-get >/dev/null 2>&1; then
        say "      installing the system package $package"
        apt_install "$package" && "$1" -c 'import ensurepip' 2>/dev/null && return
    fi
    fail "this Python cannot make virtual environments: install the system package $package and run this again."
}

# An environment is kept when it runs, has pip, and was made at this very place (scripts in it name
# their interpreter by its full path).
is_sound() {
    [ -x "$venv/bin/python" ] && is_supported "$venv/bin/python" &&
        "$venv/bin/python" -m pip --version >/dev/null 2>&1 &&
        grep -q -F -- " $venv" "$venv/pyvenv.cfg"
}

make_environment() {
    if is_sound; then
        say "      keeping $venv"
        return
    fi
    local python
    python="$(find_python)"
    ensure_venv_module "$python"
    "$python" -m venv --clear "$venv" || fail "could not make $venv with $python."
}

pip_install() {
    "$venv/bin/python" -m pip --disable-pip-version-check --no-input install \
        --constraint "$here/requirements.lock" "$@"
}

install_packages() {
    # torch goes first and is spelled exactly: what depends on it would otherwise choose its build.
    local torch quiet=""
    torch="$(grep -o '^torch==[0-9.]*' "$here/requirements.txt")"
    [ -t 1 ] || quiet="--quiet"
    pip_install $quiet "$torch"
    pip_install --quiet setuptools --requirement "$here/requirements.txt"
    if $dev; then pip_install --quiet --requirement "$here/requirements-dev.txt"; fi
    # Without build isolation, so that nothing is fetched beyond the pinned setuptools.
    pip_install --quiet --no-deps --no-build-isolation --editable "$root"
    "$venv/bin/python" -m pip check >/dev/null || "$venv/bin/python" -m pip check ||
        fail "the installed packages do not fit together: remove $venv and run this again."
}

# The shared libraries that the window needs (screen and offscreen) and the system lacks.
missing_libraries() {
    local qt
    qt="$("$venv/bin/python" -c \
        'import importlib.util as u; print(u.find_spec("PySide6").submodule_search_locations[0])')"
    LC_ALL=C ldd "$qt"/Qt{Gui,Widgets,Svg}.abi3.so \
        "$qt"/Qt/plugins/platforms/libq{offscreen,xcb}.so 2>/dev/null |
        awk '/not found/ && $1 !~ /Qt6|pyside|shiboken/ { print $1 }' | sort -u
}

# libNAME.so.N lies in the package libnameN, or libname-N where the name ends in a digit; the
# exceptions are named.
debian_package() {
    case "$1" in
        libglib-2.0.so.0 | libgthread-2.0.so.0) echo libglib2.0-0 ;;
        libz.so.1) echo zlib1g ;;
        *) echo "$1" | tr '[:upper:]' '[:lower:]' | sed -E 's/([0-9])\.so\./\1-/; s/\.so\.//' ;;
    esac
}

# One line with the packages that hold the libraries given, in the spelling of this system's manager.
packages_of() {
    local library
    for library in "$@"; do
        case "$manager" in
            apt-get) debian_package "$library" ;;
            dnf) echo "/usr/lib64/$library" ;; # dnf finds the package of a file
        esac
    done | sort -u | tr '\n' ' '
}

install_libraries() {
    local missing packages manager=""
    missing="$(missing_libraries)"
    [ -n "$missing" ] || { say "      all there" && return; }
    if command -v apt-get >/dev/null 2>&1; then manager=apt-get; fi
    if command -v dnf >/dev/null 2>&1; then manager=dnf; fi
    if [ -z "$manager" ]; then
        note "The window needs libraries that the system lacks:$(echo "$missing" | sed 's/^/ /' | tr -d '\n')"
        return
    fi
    # shellcheck disable=SC2086  # one argument per library
    packages="$(packages_of $missing)"
    if $system; then
        say "      installing $packages"
        # shellcheck disable=SC2086  # one argument per package
        case "$manager" in
            apt-get) apt_install $packages || true ;;
            dnf) as_root dnf -q -y install $packages || true ;;
        esac
        missing="$(missing_libraries)"
        [ -n "$missing" ] || return 0
    fi
    note "The window needs system packages that this script may not or could not install. Run:"
    note "  sudo $manager install $packages"
    note "The command line works without them."
}

# Only for this user, and taken out again by `tokenflow-studio hosts remove`.
install_hosts() {
    say "[+] Scripts for Nuke and DaVinci Resolve"
    "$venv/bin/tokenflow-studio" hosts install 2>&1 | sed 's/^/      /' ||
        note "To put our scripts into a host later: .venv/bin/tokenflow-studio hosts install nuke resolve"
}

main() {
    read_options "$@"
    case "$(uname -s)" in
        Linux | Darwin) ;;
        *) fail "this script is for Linux and macOS; on Windows run installers/install.ps1." ;;
    esac
    # A host program's variables must not leak into the environment that is being made.
    unset PYTHONHOME PYTHONPATH
    local start=$SECONDS
    say "[1/3] Python environment"
    make_environment
    say "[2/3] Packages (the first time, PyTorch is a large download)"
    install_packages
    say "[3/3] System libraries for the window"
    if [ "$(uname -s)" = Linux ]; then install_libraries; else say "      none needed"; fi
    if $hosts; then install_hosts; fi
    say ""
    say "Installed in $((SECONDS - start)) s.$notes"
    say "  the demo:    .venv/bin/tokenflow-studio demo -o out"
    say "  the window:  .venv/bin/tokenflow-studio"
    if $dev; then say '  the tests:   .venv/bin/python -m pytest -n 2 -m "not slow and not gpu"'; fi
}

main "$@"
