"""The pure core of Soty: modules by feature over a small shared kernel, no I/O and no framework."""
