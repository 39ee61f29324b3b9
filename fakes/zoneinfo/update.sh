#!/bin/sh
# Copies the time zones that the tables of ../locales name, out of Go's copy of the IANA time zone database.
set -eu
cd "$(dirname "$0")"
rm -rf -- */
sed -n 's/^place [^ ]* \([^ ]*\) .*/\1/p' ../locales/*.txt | sort -u | xargs unzip -q "$(go env GOROOT)/lib/time/zoneinfo.zip"
find . -type f -mindepth 2 -exec chmod 644 {} +
