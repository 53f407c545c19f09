"""Paper and web: pictures and pages made of scenes and steps."""
