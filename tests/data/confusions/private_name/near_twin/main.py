import flags

del flags.spoken
from flags import spoken
