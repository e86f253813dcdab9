from . import company
from . import stories
from . import upkeep
