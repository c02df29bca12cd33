from flags import spoken
