"""The shared language of all modules: actor, clock, ids, errors, facts, paging, manifest, unit of work, audit."""
