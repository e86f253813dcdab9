from . import company
from . import stories
