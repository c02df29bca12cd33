from . import rope
from ._loads import *

diameter = rope.diameter
