"""Working out once in a transaction what many records say alike."""


def once(env, name, key, work_out):
    """:return: what `work_out()` gave for this key the first time; `name` keeps the keys of several uses apart.

    Only for what follows from the key alone: it is not worked out anew when data change.
    """
    known = env.cr.cache.setdefault(name, {})
    if key not in known:
        known[key] = work_out()
    return known[key]
