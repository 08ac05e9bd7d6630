"""What a Temporal namespace must know before the first case: search attributes, and how long it remembers."""

from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from config.search_attributes import SEARCH_ATTRIBUTES

RETENTION = timedelta(days=30)
"""How long closed workflows stay readable at least; what must be known longer is read from PostgreSQL."""


async def register_search_attributes(client: Client) -> tuple[str, ...]:
    """Add the search attributes that the client's namespace does not have yet; answers their names.

    Raises RPCError when the server refuses, as for an attribute that exists with another type.
    """
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = {
        key.name: IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{key.indexed_value_type.name}")
        for key in SEARCH_ATTRIBUTES
        if key.name not in known.custom_attributes
    }
    if missing:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )
    return tuple(missing)


async def ensure_namespace(client: Client, retention: timedelta = RETENTION) -> None:
    """See to it that the client's namespace exists and keeps closed workflows for `retention` at least.

    Raises RPCError when the server refuses, as managed services do: there, both belong to the account.
    """
    at_least = Duration()
    at_least.FromTimedelta(retention)
    try:
        described = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace)
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        await client.workflow_service.register_namespace(
            RegisterNamespaceRequest(namespace=client.namespace, workflow_execution_retention_period=at_least)
        )
        return
    if described.config.workflow_execution_retention_ttl.ToTimedelta() < retention:
        await client.workflow_service.update_namespace(
            UpdateNamespaceRequest(
                namespace=client.namespace,
                config=NamespaceConfig(workflow_execution_retention_ttl=at_least),
            )
        )
