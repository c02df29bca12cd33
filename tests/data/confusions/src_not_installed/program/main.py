import tidy
