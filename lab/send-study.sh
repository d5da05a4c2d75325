#!/bin/bash
# Makes images from a template of this folder and sends them with storescu as one study.
# Usage: send-study.sh TEMPLATE COUNT CALLING_AE CALLED_AE HOST   (STAMP: hospital time, yyyymmddhhmmss)
set -eu
template=$1 count=$2 calling=$3 called=$4 host=$5
number() { od -An -N8 -tu8 /dev/urandom | tr -d ' '; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
study=2.25.$(number) series=2.25.$(number)
head -c 4096 /dev/urandom > "$work/pixels.raw"
for i in $(seq "$count"); do
  sed -e "s/@STUDY@/$study/; s/@SERIES@/$series/; s/@IMAGE@/2.25.$(number)/; s/@NUMBER@/$i/" \
    -e "s/@DATE@/${STAMP:0:8}/; s/@TIME@/${STAMP:8:6}/; s|@PIXELS@|$work/pixels.raw|" \
    "$(dirname "$0")/dicom/$template.dump" > "$work/$i.dump"
  dump2dcm -q "$work/$i.dump" "$work/$i.dcm"
done
exec storescu -R -aet "$calling" -aec "$called" "$host" 104 "$work"/*.dcm
