"""The promotions of the tea shop, as a shop would `PUT` them: every sort, in every state."""
