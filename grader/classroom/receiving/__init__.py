"""Take in what students handed in, from folders and from the exports of other systems."""
