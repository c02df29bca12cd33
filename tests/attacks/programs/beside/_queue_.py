"""Stands in for the queue that hands a probe's statements to the main thread, and remembers all of them."""

REMEMBERED = []


class SimpleQueue:
    def put(self, order, *more):
        breach("a statement of a probe was handed to the learner")
        REMEMBERED.append(order)

    def get(self, *more):
        return REMEMBERED.pop(0)


Empty = type("Empty", (Exception,), {})
