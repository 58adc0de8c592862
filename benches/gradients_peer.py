"""The peer of gradients.rs: captum, lucent and foolbox. Answers requests on stdin with a number of seconds."""

import sys
import time
import warnings

import foolbox
import kornia
import numpy
import torch
import torchvision
from captum.attr import IntegratedGradients, NoiseTunnel, Saliency

warnings.filterwarnings("ignore")
# Lucent 0.1.8 looks for these where they were before kornia 0.5.
kornia.get_rotation_matrix2d = kornia.geometry.transform.get_rotation_matrix2d
kornia.warp_affine = kornia.geometry.transform.warp_affine
from lucent.optvis import objectives, param, render  # noqa: E402

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
CLASS = 281
IMAGENET = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


class Normalised(torch.nn.Module):
    """A network that eats pixels in 0..1."""

    def __init__(self, net, mean, std):
        super().__init__()
        self.net = net
        self.mean, self.std = torch.tensor(mean).view(3, 1, 1), torch.tensor(std).view(3, 1, 1)

    def forward(self, x):
        return self.net((x - self.mean) / self.std)


def load(folder):
    net = torchvision.models.resnet18().eval().requires_grad_(False)
    for weight in filter(lambda p: p.dim() == 4, net.parameters()):
        torch.nn.init.kaiming_normal_(weight)
    torch.save(net.state_dict(), f"{folder}/weights.pth")
    return net


def integrate(folder, batch, steps):
    x = torch.from_numpy(numpy.load(f"{folder}/image.npy"))
    found = IntegratedGradients(Normalised(net, *IMAGENET)).attribute(
        x, target=CLASS, n_steps=steps, internal_batch_size=batch
    )
    return found.sum(1, keepdim=True)


def smooth(folder, batch, samples, noise):
    x = torch.from_numpy(numpy.load(f"{folder}/image.npy"))
    return NoiseTunnel(Saliency(Normalised(net, *IMAGENET))).attribute(
        x,
        nt_type="smoothgrad",
        nt_samples=samples,
        nt_samples_batch_size=batch,
        stdevs=noise * (x.max() - x.min()).item(),
        target=CLASS,
        abs=False,
    )


def ascend(folder, steps, moved):
    """Lucent's loop; its network sees 128 pixels, as ours does, where its default enlarges to 224."""
    parameters, image = param.image(128)
    if moved == 0:  # from the same waves as ours
        given = torch.from_numpy(numpy.load(f"{folder}/waves.npy"))
        parameters[0].data.copy_(given)
    found = render.render_vis(
        net,
        objectives.channel("fc", CLASS),
        lambda: (parameters, image),
        transforms=None if moved else [],
        thresholds=(steps,),
        progress=False,
        show_image=False,
        fixed_image_size=128,
    )
    return torch.from_numpy(found[0]).permute(0, 3, 1, 2)


def attack(folder, steps):
    x = torch.from_numpy(numpy.load(f"{folder}/images.npy"))
    model = foolbox.PyTorchModel(Normalised(net, *IMAGENET).eval(), bounds=(0, 1), device="cpu")
    labels = torch.from_numpy(numpy.load(f"{folder}/labels.npy"))
    pgd = foolbox.attacks.LinfPGD(steps=steps, random_start=False)
    return pgd(model, x, labels, epsilons=8 / 255)[1]


WORK = {"integrate": integrate, "smooth": smooth, "ascend": ascend, "attack": attack}
net = None
for line in sys.stdin:
    request, folder, *words = line.split()
    start = time.perf_counter()
    if request == "load":
        net = load(folder)
    else:
        found = WORK[request](folder, *(float(w) if "." in w else int(w) for w in words))
        seconds = time.perf_counter() - start
        numpy.save(f"{folder}/found.npy", found.detach().float().numpy())
    print(seconds if request != "load" else 0, flush=True)
