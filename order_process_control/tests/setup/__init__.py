from . import test_switch
