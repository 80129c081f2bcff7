"""What a row must look like: one contract checks training data, requests and monitoring data."""

from tollgate.contract.columns import Column
from tollgate.contract.contract import Contract
from tollgate.contract.problems import Problem
from tollgate.contract.rows import RowChecker

__all__ = ["Column", "Contract", "Problem", "RowChecker"]
