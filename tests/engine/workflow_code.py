"""Workflow classes, made to run as the product's plugin has a worker run them, but without the sandbox."""

import asyncio
import contextvars
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from temporalio.api.common.v1 import Payload, Payloads
from temporalio.bridge.proto.workflow_activation import InitializeWorkflow, WorkflowActivation
from temporalio.common import MetricMeter, Priority
from temporalio.converter import DataConverter, decode_search_attributes, decode_typed_search_attributes
from temporalio.plugin import SimplePlugin
from temporalio.worker import ReplayerConfig, UnsandboxedWorkflowRunner, WorkflowInterceptorClassInput
from temporalio.worker._workflow_instance import WorkflowInstance, WorkflowInstanceDetails
from temporalio.workflow import Info
from temporalio.workflow._definition import _Definition

from tests.engine.instants import as_datetime

NAMESPACE = "default"
TASK_QUEUE = "engine"
TASK_TIMEOUT = timedelta(seconds=10)

T = TypeVar("T")


class WorkflowCode:
    """The workflows of a worker, its converter and its interceptors. Costs little; one serves many engines."""

    def __init__(self, workflows: Sequence[type], plugin: SimplePlugin) -> None:
        config = plugin.configure_replayer(ReplayerConfig(workflows=list(workflows)))
        self.converter: DataConverter = config.get("data_converter", DataConverter.default)
        definitions = [_Definition.must_from_class(workflow) for workflow in workflows]
        self._definitions = {definition.name: definition for definition in definitions}
        self._extern_functions: dict[str, Callable[..., Any]] = {
            "__temporal_get_metric_meter": lambda: MetricMeter.noop,
            "__temporal_assert_local_activity_valid": lambda _name: None,
        }
        asked = WorkflowInterceptorClassInput(unsafe_extern_functions=self._extern_functions)
        classes = [interceptor.workflow_interceptor_class(asked) for interceptor in config.get("interceptors", ())]
        self._interceptor_classes = [class_ for class_ in classes if class_ is not None]
        self._runner = UnsandboxedWorkflowRunner()

    def new_instance(self, activation: WorkflowActivation, start: InitializeWorkflow) -> WorkflowInstance:
        """A fresh instance for the run that `activation` begins. Raises KeyError for an unknown workflow type."""
        return self._runner.create_instance(
            WorkflowInstanceDetails(
                payload_converter_factory=self.converter._new_payload_converter,
                failure_converter_class=self.converter.failure_converter_class,
                interceptor_classes=self._interceptor_classes,
                defn=self._definitions[start.workflow_type],
                info=_info(activation, start),
                randomness_seed=start.randomness_seed,
                extern_functions=self._extern_functions,
                disable_eager_activity_execution=False,
                worker_level_failure_exception_types=(),
                patch_activation_callback=None,
                last_completion_result=Payloads(),
                last_failure=None,
            )
        )

    def payloads(self, values: Sequence[Any]) -> list[Payload]:
        """Values as a client encodes them."""
        return list(self.converter.payload_converter.to_payloads(values))

    def value(self, payload: Payload) -> Any:
        """What a client reads that expects no type: plain JSON."""
        return self.converter.payload_converter.from_payload(payload)


async def outside_of_any_task(work: Callable[[], T]) -> T:
    """Do `work` as a callback of the running loop, in a context of its own.

    A workflow instance is an event loop itself, and some Pythons forbid that one task steps while another does.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def do() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001 - whoever awaits it is to see it
            done.set_exception(error)

    loop.call_soon(do, context=contextvars.Context())
    return await done


def _info(activation: WorkflowActivation, start: InitializeWorkflow) -> Info:
    headers: Mapping[str, Payload] = dict(start.headers)
    return Info(
        attempt=1,
        continued_run_id=start.continued_from_execution_run_id or None,
        cron_schedule=None,
        execution_timeout=None,
        first_execution_run_id=start.first_execution_run_id,
        headers=headers,
        namespace=NAMESPACE,
        original_execution_run_id=activation.run_id,
        parent=None,
        root=None,
        priority=Priority.default,
        raw_memo=dict(start.memo.fields),
        retry_policy=None,
        run_id=activation.run_id,
        run_timeout=None,
        search_attributes=decode_search_attributes(start.search_attributes),
        start_time=as_datetime(activation.timestamp),
        task_queue=TASK_QUEUE,
        task_timeout=TASK_TIMEOUT,
        typed_search_attributes=decode_typed_search_attributes(start.search_attributes),
        workflow_id=start.workflow_id,
        workflow_start_time=as_datetime(start.start_time),
        workflow_type=start.workflow_type,
    )
