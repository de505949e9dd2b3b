"""The shapes that have a name. Random weights; plain data, so that listing them imports nothing."""

ARCHITECTURES = {
    "eelbert_base": {
        "num_layers": 12, "num_heads": 12, "hidden_dim": 768, "intermediate_dim": 3072
    },
    "eelbert_mini": {
        "num_layers": 4, "num_heads": 4, "hidden_dim": 256, "intermediate_dim": 1024
    },
    "eelbert_tiny": {
        "num_layers": 2, "num_heads": 2, "hidden_dim": 128, "intermediate_dim": 512
    },
    "eelbert_uno": {
        "num_layers": 2, "num_heads": 2, "hidden_dim": 128, "intermediate_dim": 128
    },
}
