"""What runs a probe on the learner's side. The judge never imports it: its code is sent, compiled, over stdin.

Learner code shares the interpreter with the probe, so it must not be able to answer in the probe's place. What it could
get hold of is a matter of where things are:

- Lines, values and a one-time key come over stdin, and are read before any file of the learner's can be imported.
- A thread of ours holds them. The main thread, in which the probe's statements and all learner code run, is one call of
  `any(map(…))` over a queue: below a statement there is only an empty `__main__` frame, and no `f_back` leads to us.
- Each statement runs in a dictionary of its own, with the names that it reads and a copy of the untouched builtins. So
  a value of the check's is there for learner code from the statement that uses it, and not before. One that only stores
  runs without garbage collection, so that no code of the learner's runs in it at all.
- The report carries a tag that only the holder of the key can make.
- What finds objects without a name (the heap, other threads' frames, tracing, foreign memory) is refused by an audit
  hook; in the `bubblewrap` tier there is no /proc either, which would show the process's memory.

Our thread runs no code of the learner's, and none runs beside it. While it works

- the main thread waits in C, and no signal has a handler, which would run there and could undo the next two lines;
- no other thread is there: starting one is refused, unless the probe's own lines start threads;
- the garbage collector is off, whose callbacks and finalizers run in whatever thread it comes up in.

It reads what they could reach by `items()`, asks for types by identity, uses names and texts only if they are exactly
`str`, calls no codec that could fail, drops no object of theirs, and does nothing that is audited. Frames are not
refused: what is right may use them. docs/security.md says what is still possible.

It runs under Python 3.10 and later. All of it is in one function: a frame of the learner's leads to no globals of
ours, and an import inside of a function is never a lazy one.
"""

# ruff: noqa: PLR0911, PLR0915 - one function: see above

from __future__ import annotations

from typing import Any


def begin() -> tuple[Any, Any]:
    """Start; gives what the main thread has to map, and over what."""
    import sys

    if sys.path[:1] == [""]:
        del sys.path[0]
    known = {*sys.modules}
    import _signal  # type: ignore[import-not-found] # typeshed leaves it out
    import gc
    import os
    import site
    from _functools import partial  # type: ignore[import-not-found]
    from _json import encode_basestring_ascii
    from _queue import SimpleQueue
    from _thread import allocate_lock, start_new_thread
    from marshal import load

    # Whether the current folder, perhaps the learner's, would be on the search path but for our own -P.
    safe = sys.flags.isolated or sys.orig_argv.count("-P") > 1 or os.environ.get("PYTHONSAFEPATH")
    stdin = sys.stdin.buffer
    refusing = load(stdin)  # noqa: S302 - the judge wrote it
    sources, given, search_path, has_site, alone, starts, (factor, summand, modulus, width) = load(stdin)  # noqa: S302 - as above
    stdin.read()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    descriptor = int(sys.argv.pop(1))
    untouched = {**vars(sys.modules["builtins"])}
    if alone and sys.platform == "linux":  # a workshop, whose programs see its /proc; learner code would find _ctypes
        import _ctypes

        prctl = _ctypes.dlsym(_ctypes.dlopen(None, 0), "prctl")  # type: ignore[arg-type]
        _ctypes.call_function(prctl, (4, 0, 0, 0, 0))  # PR_SET_DUMPABLE: no
    ours = {"_functools", "_json", "_queue", "_signal", "gc"} if has_site else {*sys.modules}
    for name in ours - known:
        sys.modules.pop(name, None)
    if search_path is not None:
        os.environ["PYTHONPATH"] = search_path
        if not (alone or sys.flags.ignore_environment):
            sys.path[:0] = search_path.split(os.pathsep)

    def make_text(quote: Any, kind: Any) -> Any:
        to_list, to_map, in_order, represent = list, map, sorted, repr
        yes_or_no, whole, number, words, pairs_of = bool, int, float, str, dict
        sequences, sets, comma, absent = (list, tuple), (set, frozenset), ",".join, kind(None)
        name_of = kind.__dict__["__qualname__"].__get__
        whole_text, number_text, is_ascii, items = int.__repr__, float.__repr__, str.isascii, dict.items
        join, place, hexadecimal = "".join, ord, "{:04x}".format

        def quoted(value: Any) -> Any:
            # Half of a pair, as in the name of a file that isn't UTF-8. No codec is asked: who answers for what it
            # can't encode is the learner's to say, even for "strict".
            if not is_ascii(value):
                value = join(
                    ["\\u" + hexadecimal(place(each)) if "\ud800" <= each <= "\udfff" else each for each in value]
                )
            return quote(value)

        def type_name(its: Any) -> Any:
            name = name_of(its)
            return name if kind(name) is words else "?"

        def key_text(value: Any) -> Any:
            its = kind(value)
            if its is words:
                return value
            plain = its is whole or its is number or its is yes_or_no or its is absent
            return represent(value) if plain else "a " + type_name(its)

        def text(value: Any) -> Any:
            its = kind(value)
            if its is yes_or_no:
                return "true" if value else "false"
            if its is absent:
                return "null"
            if its is whole:
                return whole_text(value)
            if its is words:
                return quoted(value)
            if its is number:
                return number_text(value) if value - value == 0 else quote(number_text(value))
            if its is sequences[0] or its is sequences[1]:
                return "[" + comma(to_list(to_map(text, value))) + "]"
            if its is sets[0] or its is sets[1]:
                return "[" + comma(in_order(to_map(text, value))) + "]"
            if its is pairs_of:
                return "{" + comma([quoted(key_text(key)) + ":" + text(each) for key, each in items(value)]) + "}"
            return text({"of type": type_name(its)})

        return text

    def make_report(text: Any) -> Any:
        write, number_of, encode, count, up_to = os.write, int.from_bytes, str.encode, len, range

        def report(value: Any) -> None:
            document = encode(text(value), "ascii")
            total = 0
            for start in up_to(0, count(document), width):
                total = (total + number_of(document[start : start + width] + b"\1", "little")) * factor % modulus
            rest = b"%x %b" % ((total + summand) % modulus, document)
            while rest:
                rest = rest[write(descriptor, rest) :]

        return report

    def make_ask(report: Any) -> Any:
        items, kind, words, anything, count = dict.items, type, str, BaseException, len
        to_list, to_map, to_any, call, delayed = list, map, any, partial.__call__, partial
        run, put_in = exec, dict.__setitem__
        lock, queue = allocate_lock(), SimpleQueue()  # type: ignore[var-annotated]
        lock.acquire()
        put, release, wait = queue.put, partial(lock.release), lock.acquire
        collect, thresholds, interval = gc.enable, gc.set_threshold, sys.setswitchinterval
        has_code, handler_of, leave = callable, _signal.getsignal, os._exit
        signals = [*_signal.valid_signals()]
        # One call in C from waking to having the collector off and the interpreter for ourselves. It is off at once, as
        # up to Python 3.11 any tuple may bring it up; 3.12 collects what was due, unless thresholds are high.
        never, off = partial(thresholds, *[2**31 - 1] * 3), partial(interval, 1000.0)
        waking = [*map(partial, (wait, gc.isenabled, gc.disable, gc.get_threshold, sys.getswitchinterval, never, off))]
        raising = "raise ValueError('what see() was given can\\'t be written down: ' + why)"
        steps = [
            (
                compile(source, "<probe>", "exec", flags, True),
                compile("\n" * (line - 1) + raising, "<probe>", "exec") if sees else None,
                *(reads, binds, outlives, sees, stores),
            )
            for source, flags, line, reads, binds, outlives, sees, stores in sources
        ]
        prologue = "site.main()\n" * has_site + "sys.path.insert(0, '')\n" * (not (safe or alone)) or "0"
        begun = compile(prologue, "<site>", "exec")
        space: dict[str, Any] = {**given}
        kept: list[Any] = []
        noted: list[Any] = []
        outliving: list[Any] = []

        def awake() -> Any:
            """Wait for the main thread; gives the state in which it left what is off from now on."""
            handled = delayed(to_any, to_map(has_code, to_map(handler_of, signals)))
            state = to_list(to_map(call, (*waking, handled)))
            if state[7]:  # a handler could run in the main thread while we work, and this is no place to say so
                leave(1)
            return state

        def give_back(state: Any) -> None:
            """Have the main thread put back what is off while we work."""
            put(delayed(interval, state[4]))
            put(delayed(thresholds, *state[3]))
            if state[1]:
                put(delayed(collect))

        def turn(code: Any, own: Any, state: Any) -> Any:
            """Let the main thread run something; gives the state in which it left what we switch off."""
            give_back(state)
            put(delayed(run, code, own))
            put(release)
            return awake()

        def quiet_turn(code: Any, own: Any) -> None:
            """Let it run something beside which nothing else is to run."""
            put(delayed(run, code, own))
            put(release)
            awake()

        def take(found: Any, binds: Any) -> None:
            """Note what names stand for now; functions that outlive their statement are told, in the main thread."""
            for name, value in found:
                if (binds is None or name in binds) and name != "see" and name[:2] != "__":
                    kept.append(space.get(name))
                    space[name] = value
                    for reads, _, other in outliving:
                        if name in reads:
                            put(delayed(put_in, other, name, value))
            gone = {*(binds or ())} - {name for name, _ in found}
            kept.extend([space.pop(name) for name in gone if name in space])

        def plain(own: Any) -> Any:
            return [pair for pair in items(own) if kind(pair[0]) is words]

        def ask_all(state: Any) -> None:
            own: dict[str, Any] = {"site": site, "sys": sys, "__builtins__": {**untouched}, "__name__": "site"}
            kept.append(own)
            state, shown = turn(begun, own, state), 0
            for code, failed, reads, binds, outlives, sees, stores in steps:
                own = {"__name__": "__main__", "__builtins__": {**untouched}}
                for name in reads:
                    if name in space:
                        own[name] = space[name]
                if "see" in reads:
                    own["see"] = noted.append
                kept.append(own)
                if stores:
                    quiet_turn(code, own)
                else:
                    state = turn(code, own, state)
                found = plain(own)
                if outlives:
                    outliving.append((*outlives, own))
                take(found, binds)
                for _, writes, other in outliving:
                    if writes:
                        take([pair for pair in plain(other) if pair[0] in writes], None)
                new = [value for name, value in found if sees and name == "_asked_"] + noted[shown:]
                shown = count(noted)
                for value in new:
                    try:
                        report(value)
                    except anything as error:
                        own = {"__builtins__": {**untouched}, "why": kind(error).__name__}
                        state = turn(failed, own, state) if failed else state
            give_back(state)

        def ask() -> None:
            try:
                state = [True, gc.isenabled(), None, gc.get_threshold(), sys.getswitchinterval()]
                gc.disable()
                off()
                ask_all(state)
            except anything:  # whoever would be told of it may be the learner's
                pass
            put(None)
            wait()  # for ever: what we hold is not to be let go of here

        if hasattr(os, "register_at_fork"):  # a child has no thread of ours, and ends when its statement does
            os.register_at_fork(after_in_child=partial(put, None))
        return ask, partial.__call__, iter(queue.get, None)

    ask, call, orders = make_ask(make_report(make_text(encode_basestring_ascii, type)))
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # which had a handler
    # Before 3.12 nobody is told of a thread that starts. In the sandbox there can be none, but then no process either.
    crowded = sys.version_info < (3, 12) and not (starts or os.path.exists("/proc/self"))  # noqa: PTH110 - no pathlib here
    if sys.version_info >= (3, 11):  # noqa: UP036 - it begins as if after `yield from`: no other code runs first
        refusing = refusing.replace(co_code=refusing.co_code[:1] + b"\2" + refusing.co_code[2:])
    defaults = os._exit, [1], starts, not crowded, "".join
    function: Any = type(make_ask)
    refuse = function(refusing, {"__builtins__": {**untouched}}, "refuse", defaults)
    start_new_thread(ask, ())
    if crowded:
        import resource

        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        sys.modules.pop("resource" if "resource" not in known else "", None)
    sys.addaudithook(refuse)
    return call, orders
