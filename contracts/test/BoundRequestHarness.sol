// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {BoundRequest} from "../BoundRequest.sol";

/// @title Opens the library BoundRequest to tests
contract BoundRequestHarness {
    struct Verdict {
        bool isAccepted;
        uint256 chainId;
    }

    /// @notice The request for `resolve(name, data)` on this chain.
    function make(
        bytes calldata name,
        bytes calldata data
    ) external view returns (bytes memory) {
        return BoundRequest.make(name, data);
    }

    /// @notice The chain id that a request ends in.
    function chainIdOf(bytes calldata request) external pure returns (uint256) {
        return BoundRequest.chainIdOf(request);
    }

    /// @notice Which of the requests are accepted, and with which chain id.
    function judge(bytes[] calldata requests) external view returns (Verdict[] memory verdicts) {
        verdicts = new Verdict[](requests.length);
        for (uint256 i = 0; i < requests.length; ++i) {
            try this.chainIdOf(requests[i]) returns (uint256 chainId) {
                verdicts[i] = Verdict(true, chainId);
            } catch {}
        }
    }
}
