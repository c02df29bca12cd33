from . import crew, main
