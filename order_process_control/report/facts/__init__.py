from . import shipping_notice
