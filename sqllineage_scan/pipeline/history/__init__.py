"""The history of datasets: commits walked one by one, what each did kept, and questions answered from that."""
