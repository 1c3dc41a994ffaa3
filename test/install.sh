#!/usr/bin/env bash
# Installs what the tests talk to, on Debian or Ubuntu, and says what. It never
# starts or changes a PostgreSQL cluster of yours: the tests make their own in
# a temporary folder.
set -euo pipefail

missing=()
need() { # need PACKAGE CHECK…: adds the package when the check fails
	local package=$1
	shift
	"$@" >/dev/null 2>&1 || missing+=("$package")
}
postgres_there() { compgen -G '/usr/lib/postgresql/*/bin/initdb'; }
jar_there() { [ -e "/usr/share/java/$1.jar" ]; }

need postgresql postgres_there
need openssl command -v openssl
need default-jdk-headless command -v javac
need libbcprov-java jar_there bcprov
need libbcpkix-java jar_there bcpkix
need libbcutil-java jar_there bcutil
need curl command -v curl

if ((${#missing[@]} == 0)); then
	echo "install: everything the tests need is here"
	exit 0
fi
if ! command -v apt-get >/dev/null; then
	echo "install: missing ${missing[*]}; this script knows apt only: install them by hand" >&2
	exit 1
fi
as_root=()
if [ "$(id -u)" != 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "install: run as root: apt-get install ${missing[*]}" >&2
		exit 1
	fi
	as_root=(sudo)
fi
echo "install: installing ${missing[*]} (Debian packages)"
"${as_root[@]}" apt-get update -qq

# PostgreSQL's package makes and starts a cluster of its own; nobody asked for
# one, so that is turned off while it is installed.
conf=/etc/postgresql-common/createcluster.conf
if [[ " ${missing[*]} " == *" postgresql "* && ! -e $conf ]]; then
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-common >/dev/null
	"${as_root[@]}" cp "$conf" "$conf.ingam"
	echo 'create_main_cluster = false' | "${as_root[@]}" tee -a "$conf" >/dev/null
	trap '"${as_root[@]}" mv "$conf.ingam" "$conf"' EXIT
fi
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
echo "install: done"
