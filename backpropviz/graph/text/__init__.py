"""Reading: expressions and programs as people type them, to graphs; nothing is ever evaluated."""
