#!/bin/sh
# Puts Debian's chromium there for the browser tests, where that is missing and may be installed. Never fails:
# the tests themselves are skipped, and say why, where there is no browser.
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing chromium with apt-get." >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium fonts-wqy-zenhei >/dev/null && exit 0
fi
echo "There is no chromium here and it cannot be installed (needs root and apt-get): the browser tests are skipped." >&2
