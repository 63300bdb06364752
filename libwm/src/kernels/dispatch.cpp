namespace wm {}
