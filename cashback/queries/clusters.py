"""Which database cluster this is: numbers of transactions mean something in their own one only."""

#: SQL. A base backup stays the cluster that it was taken of; a dump is restored into another.
CLUSTER = "(SELECT system_identifier FROM pg_control_system())"
