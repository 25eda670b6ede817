"""One training step of the discrete VAE in PyTorch, ST-Gumbel-Softmax: the work of a step of `dgrad train vae`.

    python3 vae_step.py [--threads N] [--seconds S] [--batch-size 20,200]

The same networks (784-512-256-640 and 240-256-512-784, leaky ReLU of slope 0.1), 80 variables of 8 categories on the
corners of a cube, a trainable prior, the KL term in closed form, SGD with momentum 0.9, the loss read every step. The
images are noise: their content does not change the work.
"""
import argparse

import threads
import torch
from torch import nn
from torch.nn import functional as F

import report

PIXELS, VARIABLES, CATEGORIES, BITS = 784, 80, 8, 3
TEMPERATURE = 0.5


def network(*sizes):
    layers = []
    for before, after in zip(sizes, sizes[1:]):
        layers += [nn.Linear(before, after), nn.LeakyReLU(0.1, inplace=True)]
    return nn.Sequential(*layers[:-1])


class Step:
    def __init__(self, batch_size):
        self.images = (torch.rand(50_000, PIXELS) < 0.13).float()
        self.means = self.images.mean(0)
        self.encoder = network(PIXELS, 512, 256, VARIABLES * CATEGORIES)
        self.decoder = network(VARIABLES * BITS, 256, 512, PIXELS)
        self.prior = nn.Parameter(torch.zeros(VARIABLES, CATEGORIES))
        self.corners = torch.tensor([[2.0 * (category >> bit & 1) - 1 for bit in range(BITS)] for category in range(CATEGORIES)])
        parameters = [*self.encoder.parameters(), *self.decoder.parameters(), self.prior]
        self.optimizer = torch.optim.SGD(parameters, lr=1e-3, momentum=0.9)
        self.batch_size = batch_size
        self.order = torch.randperm(50_000)
        self.position = 0

    def batch(self):
        if self.position + self.batch_size > len(self.order):
            self.order = torch.randperm(len(self.order))
            self.position = 0
        indices = self.order[self.position:self.position + self.batch_size]
        self.position += self.batch_size
        return self.images[indices]

    def run(self):
        images = self.batch()
        log_q = self.encoder(images - self.means).view(-1, VARIABLES, CATEGORIES).log_softmax(-1)
        value = F.gumbel_softmax(log_q, TEMPERATURE, hard=True)
        logits = self.decoder((value @ self.corners).reshape(-1, VARIABLES * BITS))
        reconstruction = F.binary_cross_entropy_with_logits(logits, images, reduction="none").sum(-1)
        ratio = (log_q.exp() * (log_q - self.prior.log_softmax(-1))).sum((1, 2))
        loss = (reconstruction + ratio).mean()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=10, help="a batch size")
    parser.add_argument("--batch-size", default="20,200", help="separated by commas")
    options = parser.parse_args()
    torch.set_num_threads(threads.COUNT)
    torch.manual_seed(1)
    rows = []
    for batch_size in map(int, options.batch_size.split(",")):
        step = Step(batch_size)
        rows.append({"case": f"st-gs, n = {CATEGORIES}, batch size {batch_size}", "milliseconds": report.time_in_milliseconds(step.run, options.seconds)})
        report.progress(f"{rows[-1]['case']}: {rows[-1]['milliseconds']['median']:.3g} ms a step")
    print(report.line("A training step of the VAE in PyTorch", rows))


if __name__ == "__main__":
    main()
