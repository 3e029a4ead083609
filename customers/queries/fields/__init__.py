"""The fields of segment rules, by what they are about; `registry` knows them all."""
