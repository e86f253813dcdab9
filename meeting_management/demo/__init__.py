from . import company
from . import limits
from . import stories
