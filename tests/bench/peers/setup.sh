#!/bin/sh
# Sets up what run.py measures, into target/peers or the folder named: packages of Debian 12 or Ubuntu,
# three small programs, fangzhi itself. What can't be had is left out of the table.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
out=${1:-$root/target/peers}
mkdir -p "$out"

if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    for package in sqlite3 ripgrep g++ libxapian-dev default-jdk-headless liblucene8-java; do
        dpkg -s "$package" >/dev/null 2>&1 || apt-get install -y -qq "$package" >/dev/null ||
            echo "setup: $package can't be had" >&2
    done
fi
g++ -O2 -o "$out/xapian" "$here/xapian_peer.cc" -lxapian || echo "setup: no Xapian" >&2
javac -nowarn -cp '/usr/share/java/*' -d "$out" "$here/LucenePeer.java" || echo "setup: no Lucene" >&2
cd "$root" || exit 1
# Where cargo put a program is in its messages.
executable() {
    cargo build --release "$@" --message-format=json-render-diagnostics |
        sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1
}
ln -sf "$(executable --bin fangzhi)" "$out/fangzhi"
ln -sf "$(executable --bench tantivy-jieba)" "$out/tantivy-jieba"
