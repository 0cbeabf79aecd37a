"""Django's settings, one module per concern, all fed by the one typed environment.

Read ``fammo.environment`` first: it lists everything that can be set from outside.
"""

from .ai import *
from .api import *
from .apps import *
from .auth import *
from .current import ENV as ENVIRONMENT
from .database import *
from .i18n import *
from .logs import *
from .mail import *
from .outbound import *
from .queue import *
from .security import *
from .storage import *
from .wagtail import *
