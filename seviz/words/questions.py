"""What users of SE networks ask in public, and what seviz answers by now.

All figures stand in the files of `assets/` that a question names; commands measured them.
"""

from typing import NamedTuple

CARD, FIGURES, STUDY = "seresnet50_slim.md", "figures.md", "study.md"


class Source(NamedTuple):
    """Where something is asked or claimed: the link's text, and its address."""

    text: str
    url: str


class Question(NamedTuple):
    """A question, or a claim, and what seviz says of it.

    answer: two sentences; sources: where it is asked or claimed; figures: the files of `assets/`
    that hold the answer's figures; link: the query of an address that shows the experiment, on the
    photograph that is shown, "" where only the command answers; command: what a terminal takes.
    """

    text: str
    answer: str
    sources: tuple[Source, ...]
    figures: tuple[str, ...] = ()
    link: str = ""
    command: str = ""


def threads(repository: str, *numbers: int) -> tuple[Source, ...]:
    """Return threads of a repository, given as owner/name, by their numbers."""
    url = f"https://github.com/{repository}/issues"
    return tuple(Source(f"{repository} #{number}", f"{url}/{number}") for number in numbers)


SENET, TIMM = "hujie-frank/SENet", "huggingface/pytorch-image-models"
ASKED: tuple[Question, ...] = (
    Question(
        "Can SE be removed after training?",
        "In part: the embedded network loses 0.2 points of top-1 [−0.1, 0.5] when the gates of "
        "stage 5 are frozen at their means, but keeps only 24.6 of 57.0 % when all are. “Can it "
        "go?” shows the loss of each block, and writes the network without those that can go.",
        threads(SENET, 66),
        (FIGURES,),
        "model=embedded&page=dataset&tab=data-spare",
        "seviz fold --blocks auto --out FILE.safetensors",
    ),
    Question(
        "Why are all my gates 0.5, or all 0 and 1?",
        "In the embedded network's training two causes were seen: weight decay on W₁ and W₂ made "
        "the gates of eight blocks constants, and with all of W₁'s ReLUs off each gate is the "
        "sigmoid of its bias, about 0.5. “What matters” diagnoses each block of the network "
        "shown: which gates are constant, always open or always shut.",
        threads(SENET, 78),
        (CARD,),
        "page=explore&tab=matters",
    ),
    Question(
        "How do I make the figure of average activations per class?",
        "“Classes” draws the mean gates of each class in any block, as the article does, over the "
        "network's reference images or over your own photographs in class folders. The command "
        "writes the figure as SVG or HTML.",
        threads(SENET, 41),
        link="model=embedded&page=dataset&tab=data-classes&block=SE_4_6",
        command='seviz classes --block SE_4_6 --classes lion "tabby cat" --out curves.svg',
    ),
    Question(
        "Does SE in the last stage lower the accuracy?",
        "Frozen at their means, the gates of the embedded network's last stage, stage 5, cost 0.2 "
        "points of top-1 [−0.1, 0.5]. The article and the laboratory train with SE in one stage "
        "alone, 2, 3 or 4: in stage 4 the laboratory's SE-ResNet then has 51.3 % top-1, without SE "
        "52.0 %, with SE in all stages 54.7 % (means of 3 seeds).",
        threads(SENET, 80),
        (FIGURES, STUDY),
        "page=laboratory&tab=lab-tables&study=stage",
    ),
    Question(
        "Why is my SE-ResNet less accurate than the ResNet?",
        "One run of each can't tell: the embedded pair has 57.0 % with SE and 57.8 % without, with "
        "a standard error of 0.7 from the images alone; over 3 seeds, the laboratory's SE-ResNet "
        "is ahead by 2.73 points (−0.10 to +5.57). The table shows each host with its interval.",
        (*threads("moskomule/senet.pytorch", 16, 23, 27), *threads(TIMM, 40)),
        (FIGURES, STUDY),
        "page=laboratory&tab=lab-tables&study=host",
    ),
    Question(
        "Why does SE not help my VGG?",
        "Here, too, SE-VGG is behind VGG, by 1.03 points (−3.50 to +1.43), on 20 classes of "
        "Tiny-ImageNet; CIFAR was not tried. In three of its seven blocks no gate moves, which may "
        "be one reason: see the diagnosis of its blocks.",
        threads(SENET, 69, 89),
        (STUDY,),
        "model=lab_vgg_se&page=explore&tab=matters",
    ),
    Question(
        "Why a sigmoid, and not a softmax?",
        "A softmax was not tried here. Of the gates that were, tanh is behind the sigmoid by 1.20 "
        "points (−3.41 to +1.01) and ReLU by 1.87 (−3.76 to +0.02): both intervals hold 0.",
        threads("titu1994/keras-squeeze-excite-network", 7),
        (STUDY,),
        "page=laboratory&tab=lab-tables&study=excitation",
    ),
    Question(
        "Which reduction r should I take?",
        "No r from 2 to 32 is clearly better or worse than 16 in the laboratory: r = 2 is ahead by "
        "0.77 points (−1.36 to +2.89), with 402,580 parameters for 249,840. The table has them all "
        "beside the article's.",
        (*threads(TIMM, 260), *threads(SENET, 93)),
        (STUDY,),
        "page=laboratory&tab=lab-tables&study=r",
    ),
    Question(
        "Grad-CAM on an SE network: at which layer?",
        "seviz looks behind the last SE block, or behind the last block of the stage that you "
        "choose, with the gates and without. In the embedded network Grad-CAM points into the "
        "object for 78.8 % of images with the gates, and for 71.9 % with the gates at their means.",
        (*threads("Jongchan/attention-module", 26), *threads("jacobgil/pytorch-grad-cam", 95)),
        (FIGURES,),
        "page=explore&tab=explain&method=gradcam",
    ),
    Question(
        "Why class A, and not class B?",
        "Choose B in the field “Rather than”: all tabs then follow the lead of A over B, the "
        "difference of their logits. The button asks it of the lion and the tabby cat.",
        threads("shap/shap", 673),
        link="model=embedded&target=lion vs tabby cat&page=explore&tab=explain",
        command="seviz attribute PHOTO --target 'lion vs tabby cat' --out DIR",
    ),
    Question(
        "SE adds few FLOPs: why does it take so much time?",
        "Of the embedded network's 175.8 M multiply-adds 175.3 M are left without SE, but an image "
        "takes 14.5 % less time on two CPU cores; GPUs were not measured. The command counts and "
        "times each block of a network on your machine.",
        (
            *threads("WongKinYiu/PartialResidualNetworks", 1),
            *threads("apple/coremltools", 360),
            *threads("lightvector/KataGo", 77),
        ),
        (FIGURES,),
        command="seviz costs --model KEY",
    ),
    Question(
        "How do I get a network without SE, for quantisation?",
        "`seviz fold` multiplies the mean gates into the weights and writes the network without "
        "SE, as ONNX too; `--tune` trains it further. Of the embedded network's 57.0 % top-1, "
        "24.6 % are left without any SE block, and 50.1 % after three minutes of tuning.",
        (
            *threads("lukemelas/EfficientNet-PyTorch", 158),
            *threads("qubvel/efficientnet", 104),
        ),
        (FIGURES,),
        command="seviz fold --model KEY --blocks all --tune DIR --out FILE.safetensors",
    ),
    Question(
        "Why does int8 lose so much accuracy in SE networks?",
        "Gates can spread the ranges of channels further: of those that vary in the embedded "
        "network's SE_2_1, 41 % use fewer than 16 of 256 steps before the gates and 58 % behind "
        "them, but in SE_4_4 37 % and 33 %. The command measures this for your network and images; "
        "it runs no int8 arithmetic.",
        (*threads("tensorflow/tpu", 549), *threads(TIMM, 204)),
        (CARD,),
        command="seviz ranges --model KEY --data DIR",
    ),
    Question(
        "How do I prune a network with SE?",
        "The command removes channels in several orders and measures the accuracy that is left. In "
        "the embedded network, without a quarter of each block's channels, 52.8 of 54.1 % are left "
        "in the order of |s · ∂logit/∂s|, 48.9 % in that of the mean gate, and 11.6 % at random.",
        threads("microsoft/nni", 4720),
        (FIGURES,),
        command="seviz channels --data DIR",
    ),
    Question(
        "Can it show my own model?",
        "The command opens your weights of any timm or torchvision architecture with SE blocks; "
        "`seviz convert` makes the safetensors file of a .pth. In Python, `seviz.wrap` opens any "
        "torch module, whose SE blocks are found by what they compute; `seviz.launch` shows it.",
        threads("poloclub/cnn-explainer", 2, 8, 14, 15, 17),
        command="seviz app --checkpoint FILE.safetensors --arch ARCH",
    ),
    Question(
        "Can I see several models in one view?",
        "The page “Networks” sets any two side by side on the photograph, your own too: their "
        "answers, gates and maps, and how alike their gates are over many photographs. In Explore, "
        "the column “twin” is the same network, trained without SE.",
        threads("pytorch/captum", 551),
        link="page=networks&model2=embedded,twin",
        command="seviz compare --networks embedded twin PHOTO",
    ),
    Question(
        "How do I visualise CBAM, or other channel attention?",
        "CBAM's channel half, ECA, Gather-Excite, Global Context and Split-Attention with one gate "
        "a channel open like SE, under their own names, and the page says what z and s are there. "
        "CBAM's spatial half has no gates for channels, and is not shown.",
        threads("Jongchan/attention-module", 29),
        command="seviz app --checkpoint FILE.safetensors --arch ARCH",
    ),
    Question(
        "Can I have the charts as vector graphics?",
        "Each chart is saved as SVG or PNG by the buttons under it, dark on white or on nothing, "
        "with its title and source. “Report” in Explore, or the command, writes all charts of an "
        "answer as one page that works offline.",
        threads("plotly/plotly.js", 156),
        link="page=explore&tab=gates",
        command="seviz report PHOTO --out FILE.html",
    ),
    Question(
        "Which images excite this unit most?",
        "The page “Gate” names the images and classes whose gate is largest, smallest and in the "
        "middle, over the network's reference images or your own photographs. The command writes "
        "the images themselves, from the data that the statistics are over.",
        threads("yosinski/deep-visualization-toolbox", 96),
        link="model=embedded&page=gate&gate=SE_4_6[17]",
        command="seviz exemplars --gate 'SE_4_6[17]' --data DIR --out DIR",
    ),
    Question(
        "Can I pass a batch, or a whole folder, at once?",
        "“Your photographs” takes many files, or a zip, and shows their answers and gates. The "
        "command writes z and s of all photographs of a folder into one table.",
        (*threads("frgfm/torch-cam", 79), *threads("jacobgil/pytorch-grad-cam", 18)),
        link="page=dataset&tab=data-photos",
        command="seviz gates DIR --out FILE.csv",
    ),
    Question(
        "Does SE work at another input size?",
        "An SE block takes any size, as the squeeze averages over all positions. “Compare” scales "
        "the photograph down and back, and shows how far the lost detail moves each block's gates.",
        threads(SENET, 2),
        link="page=explore&tab=pair&change=smaller&strength=25",
    ),
    Question(
        "Can a link carry the settings?",
        "“Copy link” copies one that names the network, the example photograph, the tab, the "
        "gate, the class, the method, and the edits or the change; your own photograph is not in "
        "it. The button halves the gates of stage 4, which the link then carries.",
        threads("gradio-app/gradio", 10950),
        link="page=explore&tab=surgery&edit=SE_4**=0.5",
    ),
)
