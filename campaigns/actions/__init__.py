"""Acts on campaigns and their deliveries."""
