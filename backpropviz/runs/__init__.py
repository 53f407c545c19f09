"""What a training run shows and when: plan, pictures, curves, recorded frames, pacing."""
