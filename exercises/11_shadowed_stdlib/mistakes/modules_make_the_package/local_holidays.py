"""The local holidays of Port Merrow, which no other calendar knows: month, day and name."""

LOCAL = [
    (1, 17, "Lifeboat Day"),
    (2, 2, "Candle Night"),
    (4, 23, "Herring Fair"),
    (6, 21, "Lantern Row"),
    (8, 30, "Last Ferry"),
    (8, 5, "Regatta"),
    (11, 11, "Goose Monday"),
    (12, 31, "Old Anchor"),
    (12, 6, "Pilots' Supper"),
]
