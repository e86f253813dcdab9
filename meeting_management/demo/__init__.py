from . import company
from . import limits
from . import stories
from . import channels
from . import answering
from . import room_life
from . import precedence
