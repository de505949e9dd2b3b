# Each request of requests.json, to a server on this computer.
curl localhost:8501/v1/models/mood:predict -d '{"instances": ["a truly dreadfull film", "what a treat"]}'
curl localhost:8501/v1/models/likeness:predict -d '{"inputs": {"text": ["a cat sleeps", "a cat sleeps"], "text_pair": ["the cat is asleep", "stocks fell"]}}'
curl localhost:8501/v1/models/mood:classify -d '{"signature_name": "classify", "examples": [{"text": "a truly dreadfull film"}, {"text": "what a treat"}]}'
curl localhost:8501/v1/models/likeness:regress -d '{"signature_name": "regress", "examples": [{"text": "a cat sleeps", "text_pair": "the cat is asleep"}]}'
curl localhost:8501/v1/models/vectors:predict -d '{"signature_name": "embed", "instances": ["a cat sleeps"]}'
curl localhost:8501/v1/models/mood:predict -d '{"signature_name": "describe", "instances": [""]}'
