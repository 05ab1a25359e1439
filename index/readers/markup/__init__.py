"""What XML and HTML have in common: the tree, words inside it, tables, formulas, citation marks, stated labels."""
