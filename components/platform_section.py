"""The section `platform` of workflow.yaml: what the cluster gives the steps."""

from tollgate.section import Section


class PlatformSection(Section):
    """What the cluster gives the steps; nothing can be set yet."""
