"""The wires: settings, addresses, the timetable, and the commands that need every app."""
