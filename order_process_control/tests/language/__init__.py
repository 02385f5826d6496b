from . import test_chinese
