import flags
