from . import company
from . import stories
from . import room_life
